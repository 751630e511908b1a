-- name: tags_of_session
-- What a session is called, by name.
SELECT tag FROM desk_tags WHERE session_id = :session_id ORDER BY tag;

-- name: tags_in_use
-- All that there are, by name.
SELECT DISTINCT tag FROM desk_tags ORDER BY tag LIMIT :limit;

-- name: add_tag!
-- One more.
INSERT INTO desk_tags (session_id, tag, username, tagged_at) VALUES (:session_id, :tag, :username, :now);

-- name: remove_tag!
-- One less.
DELETE FROM desk_tags WHERE session_id = :session_id AND tag = :tag;
