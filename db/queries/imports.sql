-- name: import_session!
-- A session of an old installation, unless it is here.
INSERT INTO web_chat_sessions (session_id, chat_id, uid, created_at, updated_at, last_activity, ip_address, metadata)
VALUES (:session_id, :chat_id, :uid, :created_at, :last_activity, :last_activity, :ip_address, :metadata)
ON CONFLICT (session_id) DO NOTHING;

-- name: import_message!
-- A message of an old installation, unless it is here.
INSERT INTO web_chat_messages (session_id, message, client_msg_id, timestamp, stamped_at, uid, state, processed)
SELECT :session_id, :message, :key, :stamp, :stamp, s.uid, :state, :processed FROM web_chat_sessions s
WHERE s.session_id = :session_id AND NOT EXISTS (SELECT 1 FROM web_chat_messages m
    WHERE m.session_id = :session_id AND m.client_msg_id = :key);

-- name: import_response!
-- A reply of an old installation, unless it is here; its message has another number now.
INSERT INTO web_chat_responses (session_id, response_id, response, response_data, message_id, timestamp, stamped_at,
    idempotency_key)
SELECT :session_id, :response_id, :response, :response, (SELECT m.id FROM web_chat_messages m
    WHERE m.session_id = :session_id AND m.client_msg_id = 'import:' || :message_id), :stamp, :stamp, :key
WHERE NOT EXISTS (SELECT 1 FROM web_chat_responses r WHERE r.session_id = :session_id AND r.idempotency_key = :key);

-- name: raise_stamp!
-- What is said next comes after what was imported.
UPDATE web_chat_sessions SET last_stamp = :stamp WHERE session_id = :session_id AND last_stamp < :stamp;
