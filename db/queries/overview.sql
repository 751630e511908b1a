-- name: messages_by_hour
-- How many of the newest messages came in which hour.
SELECT substr(stamped_at, 1, 13) AS hour, COUNT(*) AS messages
FROM (SELECT stamped_at FROM web_chat_messages ORDER BY id DESC LIMIT :bound) AS newest
WHERE stamped_at >= :since GROUP BY hour ORDER BY hour;

-- name: recent_answers
-- The newest answers with the message each answered, for how long people waited.
SELECT m.stamped_at AS asked, r.stamped_at AS answered
FROM (SELECT message_id, stamped_at FROM web_chat_responses ORDER BY id DESC LIMIT :bound) AS r
    JOIN web_chat_messages m ON m.id = CAST(r.message_id AS INTEGER)
WHERE r.stamped_at >= :since AND m.job_id IS NULL;

-- name: count_jobs^
-- Jobs that run and wait, and those of the newest that failed by no mistake of whoever asked.
SELECT (SELECT COUNT(*) FROM jobs WHERE status = 'running') AS running,
    (SELECT COUNT(*) FROM jobs WHERE status = 'pending') AS pending,
    (SELECT COUNT(*) FROM (SELECT status, error_code, created_at FROM jobs ORDER BY id DESC LIMIT :bound) AS newest
        WHERE status IN ('failed', 'dead') AND created_at >= :since
            AND COALESCE(error_code, '') NOT IN (SELECT value FROM json_each(:mistakes))) AS failed;

-- name: count_dead^
-- Dead letters of both kinds, each up to a bound.
SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM web_chat_messages WHERE state = 'dead' AND discarded IS NULL LIMIT :bound) AS dead)
    + (SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE status = 'dead' AND discarded IS NULL LIMIT :bound) AS given_up);

-- name: recent_failures
-- The same failures by name, the last first, for whoever looks after the place.
SELECT job_id, session_id, command, error, finished_at
FROM (SELECT job_id, session_id, command, error, error_code, finished_at, status, id FROM jobs ORDER BY id DESC LIMIT :bound) AS newest
WHERE status IN ('failed', 'dead') AND COALESCE(error_code, '') NOT IN (SELECT value FROM json_each(:mistakes))
ORDER BY id DESC LIMIT :limit;
