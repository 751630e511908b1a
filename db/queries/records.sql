-- name: jobs_listed
-- Commands for the console, newest first, after a place in the list.
SELECT j.id, j.job_id, j.session_id, j.command, j.file, j.status, j.attempts, j.owner, j.priority, j.progress, j.error, j.created_at,
    j.started_at, j.finished_at, s.title, s.uid,
    (SELECT f.id FROM attachments f WHERE f.session_id = j.session_id AND f.name = j.file) AS file_id
FROM jobs j JOIN web_chat_sessions s ON s.session_id = j.session_id
WHERE j.kind = 'command' AND (:before IS NULL OR j.id < :before) AND (:session_id IS NULL OR j.session_id = :session_id)
ORDER BY j.id DESC LIMIT :limit;

-- name: jobs_in_state
-- The same in one state, read from its index.
SELECT j.id, j.job_id, j.session_id, j.command, j.file, j.status, j.attempts, j.owner, j.priority, j.progress, j.error, j.created_at,
    j.started_at, j.finished_at, s.title, s.uid,
    (SELECT f.id FROM attachments f WHERE f.session_id = j.session_id AND f.name = j.file) AS file_id
FROM jobs j JOIN web_chat_sessions s ON s.session_id = j.session_id
WHERE j.kind = 'command' AND j.status = :status AND (:before IS NULL OR j.id < :before)
    AND (:session_id IS NULL OR j.session_id = :session_id)
ORDER BY j.id DESC LIMIT :limit;

-- name: steps_of_jobs
-- The steps of some jobs, each in order.
SELECT job_id, step_index, operation, title, arguments, status, rows_in, rows_out FROM job_steps
WHERE job_id IN (SELECT value FROM json_each(:job_ids)) ORDER BY job_id, step_index;

-- name: outputs_of_jobs
-- What some jobs have produced, by the numbers of the console's list.
SELECT id, job_id, name, size FROM attachments WHERE job_id IN (SELECT value FROM json_each(:job_ids)) ORDER BY id;

-- name: jobs_by_state
-- How many commands are in each state.
SELECT status, COUNT(*) AS jobs FROM jobs WHERE kind = 'command' GROUP BY status;

-- name: files_listed
-- Files for the console, newest first, after a place in the list.
SELECT a.id, a.session_id, a.name, a.kind, a.size, a.row_count, a.error, a.created_at, s.title, s.uid
FROM attachments a JOIN web_chat_sessions s ON s.session_id = a.session_id
WHERE (:before IS NULL OR a.id < :before) AND (:kind IS NULL OR a.kind = :kind)
    AND (:words IS NULL OR a.name LIKE :words ESCAPE '\') AND (:session_id IS NULL OR a.session_id = :session_id)
ORDER BY a.id DESC LIMIT :limit;

-- name: files_in_all^
-- How many files there are, and their bytes as people count them: once for each name.
SELECT COUNT(*) AS files, COALESCE(SUM(size), 0) AS bytes FROM attachments;

-- name: file_by_number^
-- Where a file of the console's list is.
SELECT session_id, name FROM attachments WHERE id = :id;

-- name: audit_listed
-- Entries for the console, newest first, after a place in the list.
SELECT id, created_at, actor, action, subject, value_before, value_after, previous_hash, hash FROM audit_log
WHERE (:before IS NULL OR id < :before) AND (:words IS NULL OR actor LIKE :words ESCAPE '\' OR subject LIKE :words ESCAPE '\')
    AND (:action IS NULL OR action = :action)
ORDER BY id DESC LIMIT :limit;

-- name: audit_actions
-- What kinds of entry there are.
SELECT DISTINCT action FROM audit_log ORDER BY action;
