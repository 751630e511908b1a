-- name: canned_replies
-- What operators keep ready to say, by its shortcut, after a place in the list.
SELECT id, shortcut, body, removed, updated_at, updated_by FROM canned_replies
WHERE removed = :removed AND shortcut > :after
    AND (:words IS NULL OR shortcut LIKE :words ESCAPE '\' OR body LIKE :words ESCAPE '\')
ORDER BY shortcut LIMIT :limit;

-- name: canned_reply^
-- One of them.
SELECT id, shortcut, body, removed, updated_at, updated_by FROM canned_replies WHERE id = :id;

-- name: count_canned_replies^
-- How many there are, those laid aside among them.
SELECT COUNT(*) FROM canned_replies;

-- name: add_canned_reply^
-- One more; none where its shortcut is taken.
INSERT INTO canned_replies (shortcut, body, updated_at, updated_by) VALUES (:shortcut, :body, :now, :by)
ON CONFLICT (shortcut) DO NOTHING RETURNING id;

-- name: change_canned_reply!
-- Other words, or laid aside, or brought back.
UPDATE canned_replies SET body = :body, removed = :removed, updated_at = :now, updated_by = :by WHERE id = :id;
