-- name: open_operations_session!
-- The internal session that jobs outside of any conversation belong to.
INSERT INTO web_chat_sessions (session_id, status, is_active, created_at, updated_at, last_activity)
VALUES (:session_id, 'internal', 0, :now, :now, :now)
ON CONFLICT (session_id) DO UPDATE SET last_activity = excluded.last_activity;

-- name: add_operation_call!
-- Who asked for a job, and with what.
INSERT INTO operation_calls (job_id, caller, idempotency_key, body_hash, created_at)
VALUES (:job_id, :caller, :idempotency_key, :body_hash, :now);

-- name: operation_call_by_key^
-- The job that a repeated request has started already.
SELECT job_id, body_hash FROM operation_calls WHERE caller = :caller AND idempotency_key = :idempotency_key;

-- name: caller_of_operation^
-- Who asked for a job.
SELECT caller FROM operation_calls WHERE job_id = :job_id;

-- name: open_operations^
-- How many operations wait or run, in all and for one caller.
SELECT COUNT(*) AS everyone, COALESCE(SUM(c.caller = :caller), 0) AS own
FROM (SELECT job_id FROM jobs WHERE status = 'pending' UNION ALL SELECT job_id FROM jobs WHERE status = 'running') AS under_way
CROSS JOIN operation_calls c ON c.job_id = under_way.job_id;

-- name: add_operation_file!
-- A file of a call: one that came with it, or one that it made.
INSERT INTO operation_files (name, job_id, field, shown_name, sha256, size, created_at)
VALUES (:name, :job_id, :field, :shown_name, :sha256, :size, :now);

-- name: operation_file^
-- What a download name stands for.
SELECT name, job_id, field, shown_name, sha256, size FROM operation_files WHERE name = :name;

-- name: files_of_operation
-- The files of a call.
SELECT name, job_id, field, shown_name, sha256, size FROM operation_files WHERE job_id = :job_id;

-- name: forget_operation_file!
-- A file that is needed no longer.
DELETE FROM operation_files WHERE name = :name;

-- name: old_operations
-- Ended calls whose results are no longer kept.
SELECT c.job_id FROM operation_calls c JOIN jobs j ON j.job_id = c.job_id
WHERE c.created_at < :before AND j.status NOT IN ('pending', 'running') ORDER BY c.created_at LIMIT :limit;

-- name: erase_job!
-- Deletes a job and, by cascade, all that belongs to it.
DELETE FROM jobs WHERE job_id = :job_id;
