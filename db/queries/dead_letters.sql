-- name: dead_reasons
-- Why messages and jobs were given up, and how many for each reason.
SELECT 'message' AS kind, COALESCE(last_error, '') AS reason, COUNT(*) AS letters, MIN(id) AS first, MAX(id) AS last
FROM web_chat_messages WHERE state = 'dead' AND discarded IS NULL GROUP BY last_error
UNION ALL
SELECT 'job', COALESCE(error, ''), COUNT(*), MIN(id), MAX(id) FROM jobs WHERE status = 'dead' AND discarded IS NULL GROUP BY error
ORDER BY 3 DESC, 1, 2;

-- name: dead_letters_messages
-- Messages given up for one reason, oldest first.
SELECT id, session_id, message AS text, last_error AS reason, attempts, stamped_at AS created_at, agent_id, NULL AS job_id
FROM web_chat_messages
WHERE state = 'dead' AND discarded IS NULL AND last_error IS NOT DISTINCT FROM :reason AND id > :after ORDER BY id LIMIT :limit;

-- name: dead_letters_jobs
-- Jobs given up for one reason, oldest first.
SELECT id, session_id, command AS text, error AS reason, attempts, created_at, NULL AS agent_id, job_id FROM jobs
WHERE status = 'dead' AND discarded IS NULL AND error IS NOT DISTINCT FROM :reason AND id > :after ORDER BY id LIMIT :limit;

-- name: dead_message^
-- One message that was given up, discarded or not.
SELECT id, session_id, message AS text, last_error AS reason, attempts, stamped_at AS created_at, agent_id, NULL AS job_id
FROM web_chat_messages WHERE state = 'dead' AND id = :id;

-- name: dead_job^
-- One job that was given up, discarded or not.
SELECT id, session_id, command AS text, error AS reason, attempts, created_at, NULL AS agent_id, job_id FROM jobs
WHERE status = 'dead' AND id = :id;

-- name: discard_message!
-- Lays a dead message aside, or (with no reason) back among the others.
UPDATE web_chat_messages SET discarded = :reason WHERE id = :id AND state = 'dead' AND discarded IS DISTINCT FROM :reason;

-- name: discard_job!
-- The same for a dead job.
UPDATE jobs SET discarded = :reason WHERE id = :id AND status = 'dead' AND discarded IS DISTINCT FROM :reason;

-- name: discarded_letters
-- What was laid aside, newest first.
SELECT 'message' AS kind, id, session_id, message AS text, discarded AS reason, attempts, stamped_at AS created_at, agent_id, NULL AS job_id
FROM web_chat_messages WHERE state = 'dead' AND discarded IS NOT NULL
UNION ALL
SELECT 'job', id, session_id, command, discarded, attempts, created_at, NULL, job_id FROM jobs
WHERE status = 'dead' AND kind = 'command' AND discarded IS NOT NULL
ORDER BY 7 DESC LIMIT :limit;
