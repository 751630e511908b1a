-- name: find_opening^
-- What an earlier call with this key has opened.
SELECT session_id, salt, body_hash FROM session_openings WHERE open_key = :open_key;

-- name: add_opening!
-- Remembers what was opened with a key.
INSERT INTO session_openings (open_key, session_id, salt, body_hash) VALUES (:open_key, :session_id, :salt, :body_hash);
