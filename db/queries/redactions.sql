-- name: redact_message!
-- A visitor's words are gone, and the digest of them, from which short ones could be guessed.
UPDATE web_chat_messages SET message = :notice, body_hash = NULL, metadata = '{}'
WHERE id = :id AND session_id = :session_id;

-- name: redact_title!
-- A title that was made of them goes, too; the next message gives another one.
UPDATE web_chat_sessions SET title = NULL, updated_at = :now WHERE session_id = :session_id AND title = :title;

-- name: redact_command!
-- The job of a command keeps its times and counts.
UPDATE jobs SET command = :notice, error = CASE WHEN error IS NOT NULL THEN :notice END WHERE message_id = :message_id;

-- name: redact_steps!
-- What the steps of a command were told.
UPDATE job_steps SET title = '', arguments = '{}' WHERE job_id IN (SELECT job_id FROM jobs WHERE message_id = :message_id);

-- name: redact_suggestions!
-- Buttons beneath the answers to a command repeat parts of it.
UPDATE web_chat_responses SET metadata = json_remove(metadata, '$.buttons')
WHERE session_id = :session_id AND message_id = :message_id AND json_valid(metadata);

-- name: redact_response!
-- An answer loses its words and whatever is shown with them.
UPDATE web_chat_responses SET response = :notice, response_data = :notice, body_hash = NULL, metadata = :metadata
WHERE id = :id AND session_id = :session_id;

-- name: redact_outcome!
-- The job keeps a copy of what its answer says.
UPDATE jobs SET result = '{}', error = CASE WHEN error IS NOT NULL THEN :notice END
WHERE job_id = :job_id AND session_id = :session_id AND status IN ('completed', 'failed', 'cancelled', 'dead');

-- name: redact_note!
-- What an operator told the others.
UPDATE desk_notes SET note = :notice WHERE id = :id AND session_id = :session_id;

-- name: note_by_id^
-- One note.
SELECT id, session_id, username, note, timestamp FROM desk_notes WHERE id = :id;
