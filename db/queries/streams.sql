-- name: add_stream^
-- An answer begins.
INSERT INTO response_streams (session_id, response_id, message_id, kind, agent, lease_until, lease_boot, created_at)
VALUES (:session_id, :response_id, :message_id, :kind, :agent, :lease_until, :lease_boot, :created_at)
RETURNING id;

-- name: stream_by_name^
-- The answer under way that a piece belongs to.
SELECT id, session_id, response_id, message_id, kind, agent, length, sequence, created_at FROM response_streams
WHERE session_id = :session_id AND response_id = :response_id;

-- name: streams_of_session
-- What is being written in a session, oldest first.
SELECT id, session_id, response_id, message_id, kind, agent, length, sequence, created_at FROM response_streams
WHERE session_id = :session_id ORDER BY id;

-- name: streams_left
-- Answers whose writer has been silent for too long.
SELECT id, session_id, response_id, message_id, kind, agent, length, sequence, created_at FROM response_streams
WHERE lease_until <= :now OR lease_boot <> :boot ORDER BY id LIMIT :limit;

-- name: add_delta!
-- One piece of an answer.
INSERT INTO response_deltas (stream_id, sequence, start, delta, idempotency_key)
VALUES (:stream_id, :sequence, :start, :delta, :idempotency_key);

-- name: grow_stream!
-- The answer is longer by a piece, and its writer alive.
UPDATE response_streams SET length = :length, sequence = :sequence, lease_until = :lease_until,
    lease_boot = :lease_boot WHERE id = :id;

-- name: delta_by_sequence^
-- The piece that a repeated one may be.
SELECT sequence, start, delta FROM response_deltas WHERE stream_id = :stream_id AND sequence = :sequence;

-- name: delta_by_key^
-- The piece that a retry refers to.
SELECT sequence, start, delta FROM response_deltas
WHERE stream_id = :stream_id AND idempotency_key = :idempotency_key;

-- name: deltas_of_stream
-- The text so far, piece by piece.
SELECT delta FROM response_deltas WHERE stream_id = :stream_id ORDER BY sequence;

-- name: bodies_of_deltas
-- The pieces a batch of events speaks of.
SELECT d.stream_id, d.sequence, d.delta FROM json_each(:pairs) AS p
JOIN response_deltas AS d ON d.stream_id = json_extract(p.value, '$[0]') AND d.sequence = json_extract(p.value, '$[1]');

-- name: forget_stream!
-- The answer is whole or given up: its pieces go with it.
DELETE FROM response_streams WHERE id = :id;

-- name: forget_delta_events!
-- Whoever reads on from here finds the whole answer instead.
DELETE FROM events WHERE session_id = :session_id AND kind = 'response.delta' AND response_id = :stream_id;
