-- name: stored_figures^
-- What is stored. The numbers of the tables do not tell: a retried insert takes one as well.
SELECT (SELECT COUNT(*) FROM web_chat_sessions WHERE status <> 'internal') AS sessions, (SELECT COUNT(*) FROM web_chat_messages) AS messages,
    (SELECT COUNT(*) FROM web_chat_responses) AS responses, (SELECT COUNT(*) FROM jobs) AS jobs,
    (SELECT COUNT(*) FROM attachments) AS files;

-- name: waiting_figures^
-- What is not done yet; each from an index of its own.
SELECT (SELECT COUNT(*) FROM web_chat_messages WHERE state = 'pending' AND job_id IS NULL) AS pending,
    (SELECT COUNT(*) FROM web_chat_messages WHERE state = 'leased') AS leased,
    (SELECT COUNT(*) FROM web_chat_messages WHERE state = 'dead') AS dead,
    (SELECT timestamp FROM web_chat_messages WHERE state = 'pending' AND job_id IS NULL ORDER BY id LIMIT 1) AS oldest_pending,
    (SELECT MIN(timestamp) FROM web_chat_messages WHERE state = 'leased') AS oldest_leased,
    (SELECT COUNT(*) FROM jobs WHERE status = 'pending') AS jobs_pending,
    (SELECT COUNT(*) FROM jobs WHERE status = 'running') AS jobs_running;
