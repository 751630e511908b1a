-- name: add_event!
-- A numbered fact, in the transaction that makes it true.
INSERT INTO events (session_id, kind, audience, message_id, response_id, job_id, payload, created_at)
VALUES (:session_id, :kind, :audience, :message_id, :response_id, :job_id, :payload, :now);

-- name: events_after
-- Events of every session after a cursor, without bodies; what only operators may know only for them.
SELECT seq, session_id, kind, audience, message_id, response_id, job_id, payload, created_at
FROM events WHERE seq > :cursor AND (:operator = 1 OR audience <> 'operator') ORDER BY seq LIMIT :limit;

-- name: events_of_session_after
-- Events of one session after a cursor, without bodies; what only operators may know only for them.
SELECT seq, session_id, kind, audience, message_id, response_id, job_id, payload, created_at
FROM events WHERE session_id = :session_id AND seq > :cursor AND (:operator = 1 OR audience <> 'operator') ORDER BY seq LIMIT :limit;

-- name: newest_event^
-- The highest number ever given, also when its row is gone.
SELECT MAX(seq) FROM (SELECT COALESCE(MAX(seq), 0) AS seq FROM events
    UNION ALL SELECT seq FROM sqlite_sequence WHERE name = 'events') AS numbers;

-- name: oldest_kept^
-- The number before the first event that retention has kept.
SELECT CAST(config_value AS INTEGER) FROM system_config WHERE config_key = 'events_pruned_to';

-- name: bodies_of_messages
-- The messages a batch of events speaks of.
SELECT id, session_id, message, stamped_at AS timestamp, uid, is_new_user, agent_id, state, attempts, attachments, client_msg_id,
    job_id, leased_by, lease_until, lease_boot, lease_style, served, receipt, body_hash
FROM web_chat_messages WHERE id IN (SELECT value FROM json_each(:ids));

-- name: bodies_of_responses
-- The responses a batch of events speaks of.
SELECT id, session_id, response, message_id, kind, stamped_at AS timestamp, metadata, body_hash
FROM web_chat_responses WHERE id IN (SELECT value FROM json_each(:ids));

-- name: sizes_of_events
-- How much text the bodies of a batch of events have.
SELECT e.seq, COALESCE(length(m.message), 0) + COALESCE(length(r.response), 0) + COALESCE(COALESCE(length(r.metadata), 0), 0) AS size
FROM events e
LEFT JOIN web_chat_messages m ON m.id = e.message_id AND e.kind = 'message.created'
LEFT JOIN web_chat_responses r ON r.id = e.response_id
WHERE e.seq IN (SELECT value FROM json_each(:numbers));

-- name: prune_events!
-- Retention: forgets some of the events up to a number, the oldest first.
DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE seq <= :last ORDER BY seq LIMIT :limit);

-- name: last_event_before^
-- The newest number that retention is about to forget: the one before the first that it keeps.
SELECT MAX(seq) FROM events WHERE seq < COALESCE(
    (SELECT seq FROM events WHERE created_at >= :before ORDER BY seq LIMIT 1), 9223372036854775807);

-- name: prune_progress!
-- When a job ends only its last progress event stays.
DELETE FROM events WHERE job_id = :job_id AND kind = 'job.progress'
    AND seq < (SELECT MAX(seq) FROM events WHERE job_id = :job_id AND kind = 'job.progress');

-- name: events_of_session_until
-- What happened in one session before a moment, newest first; said things have their own rows.
SELECT seq, session_id, kind, audience, message_id, response_id, job_id, payload, created_at
FROM events WHERE session_id = :session_id AND (:before IS NULL OR created_at < :before)
    AND kind NOT IN ('message.created', 'response.created', 'desk.noted')
ORDER BY seq DESC LIMIT :limit;
