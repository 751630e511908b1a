-- name: add_response^
-- Stores one reply.
INSERT INTO web_chat_responses (session_id, response_id, response, response_data, message_id, kind, timestamp,
    idempotency_key, body_hash, metadata, stamped_at)
VALUES (:session_id, :response_id, :response, :response, :message_id, :kind, :timestamp, :idempotency_key, :body_hash,
    :metadata, :timestamp)
RETURNING id;

-- name: response_by_key^
-- The reply a retry refers to.
SELECT id, session_id, response, message_id, kind, stamped_at AS timestamp, metadata, body_hash FROM web_chat_responses
WHERE session_id = :session_id AND idempotency_key = :idempotency_key;

-- name: responses_since
-- The newest replies from a UTC day on, newest first, as many as a page may hold; the instant is compared by the caller.
SELECT id, session_id, response, message_id, kind, stamped_at AS timestamp, metadata, body_hash FROM web_chat_responses
WHERE id IN (SELECT id FROM (
    SELECT id, SUM(length(response)) OVER (ORDER BY stamped_at DESC, id DESC) - length(response) AS newer
    FROM web_chat_responses WHERE session_id = :session_id AND substr(stamped_at, 1, 10) >= :day
    ORDER BY stamped_at DESC, id DESC LIMIT :limit) WHERE newer < :characters)
ORDER BY stamped_at DESC, id DESC;

-- name: responses_of_session
-- The other side of the transcript, newest first, before a stamp.
SELECT id, session_id, response, message_id, kind, stamped_at AS timestamp, metadata, body_hash FROM web_chat_responses
WHERE session_id = :session_id AND (:before IS NULL OR stamped_at < :before)
ORDER BY stamped_at DESC, id DESC LIMIT :limit;

-- name: responses_after
-- The other side of the transcript, oldest first, after a stamp.
SELECT id, session_id, response, message_id, kind, stamped_at AS timestamp, metadata, body_hash FROM web_chat_responses
WHERE session_id = :session_id AND stamped_at > :after ORDER BY stamped_at, id LIMIT :limit;

-- name: undelivered_responses
-- Those of some replies that no visitor is known to have fetched.
SELECT id FROM web_chat_responses WHERE id IN (SELECT value FROM json_each(:ids)) AND status = 'pending';

-- name: deliver_responses!
-- Their visitors have fetched them.
UPDATE web_chat_responses SET status = 'delivered'
WHERE id IN (SELECT value FROM json_each(:ids)) AND status = 'pending';
