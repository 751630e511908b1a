-- name: add_attachment!
-- A file of a session; the name is taken once.
INSERT INTO attachments (session_id, name, kind, content_type, sha256, size, row_count, column_list, preview, job_id, created_at,
    upload_key, uploaded_by)
VALUES (:session_id, :name, :kind, :content_type, :sha256, :size, :row_count, :column_list, :preview, :job_id, :now,
    :upload_key, :uploaded_by);

-- name: find_attachment^
-- One file by its name.
SELECT id, session_id, name, kind, content_type, sha256, size, row_count, column_list, preview, error, error_code, job_id, created_at
FROM attachments WHERE session_id = :session_id AND name = :name;

-- name: attachment_by_upload_key^
-- The file that a repeated upload has stored already.
SELECT id, session_id, name, kind, content_type, sha256, size, row_count, column_list, preview, error, error_code, job_id, created_at
FROM attachments WHERE session_id = :session_id AND upload_key = :upload_key;

-- name: names_of_session
-- The names that are taken in a session.
SELECT name FROM attachments WHERE session_id = :session_id;

-- name: attachments_of_session
-- The files of a session, oldest first.
SELECT id, session_id, name, kind, content_type, sha256, size, row_count, column_list, preview, error, error_code, job_id, created_at
FROM attachments WHERE session_id = :session_id ORDER BY id;

-- name: attachments_of_job
-- What a job has produced.
SELECT id, session_id, name, kind, content_type, sha256, size, row_count, column_list, preview, error, error_code, job_id, created_at
FROM attachments WHERE job_id = :job_id ORDER BY id;

-- name: describe_attachment!
-- What the first look at an upload found.
UPDATE attachments SET row_count = :row_count, column_list = :column_list, preview = :preview, error = :error,
    error_code = :error_code WHERE session_id = :session_id AND name = :name;

-- name: uses_of_content^
-- Whether any session or operation still has these bytes.
SELECT EXISTS (SELECT 1 FROM attachments WHERE sha256 = :sha256 UNION ALL SELECT 1 FROM operation_files WHERE sha256 = :sha256);

-- name: room_of_session^
-- How many bytes the files of a session take.
SELECT COALESCE(SUM(size), 0) FROM attachments WHERE session_id = :session_id;

-- name: room_of_key^
-- How many bytes one key has uploaded, and its operations hold.
SELECT (SELECT COALESCE(SUM(size), 0) FROM attachments WHERE uploaded_by = :key)
    + (SELECT COALESCE(SUM(f.size), 0) FROM operation_calls c JOIN operation_files f ON f.job_id = c.job_id WHERE c.caller = :key);

-- name: room_of_all^
-- How many files there are, and the bytes of their contents, each once.
SELECT (SELECT COUNT(*) FROM attachments) + (SELECT COUNT(*) FROM operation_files),
    (SELECT COALESCE(SUM(size), 0) FROM (SELECT MAX(size) AS size FROM attachments GROUP BY sha256))
    + (SELECT COALESCE(SUM(size), 0) FROM (SELECT MAX(size) AS size FROM operation_files
        WHERE sha256 NOT IN (SELECT sha256 FROM attachments) GROUP BY sha256));
