-- name: owner_of_pipelines^
-- Whose pipelines a session sees: of whoever signed in, else of its browser, else its own.
SELECT COALESCE('user:' || user_id, 'browser:' || token_hash, 'session:' || session_id) FROM web_chat_sessions
WHERE session_id = :session_id;

-- name: save_pipeline!
-- Keeps a pipeline under a name, or another one from now on.
INSERT INTO saved_workflows (owner, name, command, created_at, updated_at) VALUES (:owner, :name, :command, :now, :now)
ON CONFLICT (owner, name) DO UPDATE SET command = excluded.command, updated_at = excluded.updated_at;

-- name: find_pipeline^
-- One pipeline by its name.
SELECT name, command, updated_at FROM saved_workflows WHERE owner = :owner AND name = :name;

-- name: pipelines_of
-- All that somebody saved, by name.
SELECT name, command, updated_at FROM saved_workflows WHERE owner = :owner ORDER BY name;

-- name: forget_pipelines_of_session!
-- Before a session is erased: its own, and its browser's if it is the last of them.
DELETE FROM saved_workflows WHERE owner = 'session:' || :session_id OR owner = (
    SELECT 'browser:' || s.token_hash FROM web_chat_sessions s WHERE s.session_id = :session_id AND NOT EXISTS (
        SELECT 1 FROM web_chat_sessions o WHERE o.token_hash = s.token_hash AND o.session_id <> s.session_id));

-- name: forget_pipeline!
-- Deletes one.
DELETE FROM saved_workflows WHERE owner = :owner AND name = :name;
