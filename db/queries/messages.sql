-- name: add_message^
-- Stores one message of a visitor.
INSERT INTO web_chat_messages (session_id, message, client_msg_id, body_hash, timestamp, client_timestamp, uid, is_new_user,
    agent_id, attachments, job_id, stamped_at)
VALUES (:session_id, :message, :client_msg_id, :body_hash, :timestamp, :client_timestamp, :uid, :is_new_user,
    :agent_id, :attachments, :job_id, :timestamp)
RETURNING id;

-- name: message_by_client_id^
-- The message a retry refers to.
SELECT id, session_id, message, stamped_at AS timestamp, uid, is_new_user, agent_id, state, attempts, attachments, client_msg_id,
    job_id, leased_by, lease_until, lease_boot, lease_style, served, receipt, body_hash
FROM web_chat_messages WHERE session_id = :session_id AND client_msg_id = :client_msg_id;

-- name: message_by_id^
-- One message.
SELECT id, session_id, message, stamped_at AS timestamp, uid, is_new_user, agent_id, state, attempts, attachments, client_msg_id,
    job_id, leased_by, lease_until, lease_boot, lease_style, served, receipt, body_hash
FROM web_chat_messages WHERE id = :id;

-- name: message_to_agent^
-- Whether a session has ever written to an agent; the default one is NULL.
SELECT 1 FROM web_chat_messages WHERE session_id = :session_id AND agent_id IS NOT DISTINCT FROM :agent_id LIMIT 1;

-- name: messages_of_session
-- One side of the transcript, newest first, before a stamp.
SELECT id, session_id, message, stamped_at AS timestamp, uid, is_new_user, agent_id, state, attempts, attachments, client_msg_id,
    job_id, leased_by, lease_until, lease_boot, lease_style, served, receipt, body_hash
FROM web_chat_messages WHERE session_id = :session_id AND (:before IS NULL OR stamped_at < :before)
ORDER BY stamped_at DESC, id DESC LIMIT :limit;

-- name: messages_after
-- One side of the transcript, oldest first, after a stamp.
SELECT id, session_id, message, stamped_at AS timestamp, uid, is_new_user, agent_id, state, attempts, attachments, client_msg_id,
    job_id, leased_by, lease_until, lease_boot, lease_style, served, receipt, body_hash
FROM web_chat_messages WHERE session_id = :session_id AND stamped_at > :after ORDER BY stamped_at, id LIMIT :limit;

-- name: finish_message!
-- Done: answered, acknowledged or handed over. The receipt stays, so that a repeated ack is known.
UPDATE web_chat_messages SET state = 'done', processed = 1
WHERE id = :id AND state IN ('pending', 'leased');

-- name: hand_message_on!
-- A command nobody knows goes to the session's outside agent as an ordinary message.
UPDATE web_chat_messages SET job_id = NULL WHERE id = :id;

-- name: sizes_of_transcript
-- How much text each of the newest entries of both sides has, newest first, before a stamp.
SELECT size FROM (
    SELECT * FROM (SELECT stamped_at, id, length(message) AS size FROM web_chat_messages
        WHERE session_id = :session_id AND (:before IS NULL OR stamped_at < :before)
        ORDER BY stamped_at DESC, id DESC LIMIT :limit)
    UNION ALL
    SELECT * FROM (SELECT stamped_at, id, length(response) + COALESCE(length(metadata), 0) AS size FROM web_chat_responses
        WHERE session_id = :session_id AND (:before IS NULL OR stamped_at < :before)
        ORDER BY stamped_at DESC, id DESC LIMIT :limit))
ORDER BY stamped_at DESC, id DESC LIMIT :limit;
