-- name: reserve_form!
-- Whoever comes first with a form acts on it.
INSERT INTO form_keys (form_key, created_at) VALUES (:form_key, :now) ON CONFLICT (form_key) DO NOTHING;

-- name: answer_of_form^
-- What a form was answered with; NULL while it is acted on.
SELECT answer FROM form_keys WHERE form_key = :form_key;

-- name: keep_answer!
-- For whoever sends the same form again.
UPDATE form_keys SET answer = :answer WHERE form_key = :form_key;

-- name: forget_form!
-- It was refused and may be sent again.
DELETE FROM form_keys WHERE form_key = :form_key;

-- name: forget_old_forms!
-- Forms nobody will send again.
DELETE FROM form_keys WHERE created_at < :before;
