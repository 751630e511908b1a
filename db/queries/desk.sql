-- name: conversations_waiting
-- Sessions with messages that nobody has answered, longest wait first; `first_id` is the message they wait for. A snooze
-- lasts until its moment or a newer message. `unread` counts what a reader has not seen: messages, and notes of others.
WITH open AS (SELECT session_id, MIN(id) AS first_id, MAX(id) AS last_id, COUNT(*) AS open_count FROM web_chat_messages
        WHERE state IN ('pending', 'leased') AND job_id IS NULL GROUP BY session_id),
    picked AS (SELECT o.session_id, o.first_id, o.last_id, o.open_count FROM open o
        WHERE o.first_id > :after
            AND (:snoozed = 1) = EXISTS (SELECT 1 FROM desk_snoozes z WHERE z.session_id = o.session_id
                AND z.active_until > :now AND z.boot = :boot AND z.last_id >= o.last_id)
            AND (:claimed = 1 OR NOT EXISTS (SELECT 1 FROM desk_claims c WHERE c.session_id = o.session_id
                AND c.active_until > :now AND c.boot = :boot))
            AND (:agent_id IS NULL OR EXISTS (SELECT 1 FROM web_chat_messages a WHERE a.id = o.first_id
                AND COALESCE(a.agent_id, 0) = :agent_id))
            AND (:words IS NULL OR EXISTS (SELECT 1 FROM web_chat_sessions w WHERE w.session_id = o.session_id
                AND (w.title LIKE :words ESCAPE '\' OR w.uid LIKE :words ESCAPE '\' OR w.participant_name LIKE :words ESCAPE '\'))
                OR EXISTS (SELECT 1 FROM web_chat_messages h WHERE h.session_id = o.session_id AND h.message LIKE :words ESCAPE '\')
                OR EXISTS (SELECT 1 FROM web_chat_responses h WHERE h.session_id = o.session_id AND h.response LIKE :words ESCAPE '\'))
            AND (:tag IS NULL OR EXISTS (SELECT 1 FROM desk_tags g WHERE g.session_id = o.session_id AND g.tag = :tag))
        ORDER BY o.first_id LIMIT :limit)
SELECT p.session_id, p.first_id, p.open_count, s.title, s.uid, COALESCE(s.participant_name, u.username) AS participant_name, s.agent_id, s.last_activity,
    f.stamped_at AS since, substr(l.message, 1, 200) AS line, f.leased_by, f.lease_until, f.lease_boot,
    c.person_id, c.username, c.claimed_at, c.active_until, c.boot, z.wakes_at,
    (SELECT json_group_array(g.tag) FROM desk_tags g WHERE g.session_id = p.session_id) AS tags,
    CASE WHEN k.session_id IS NULL THEN p.open_count ELSE (SELECT COUNT(*) FROM web_chat_messages n
        WHERE n.session_id = p.session_id AND n.id > k.message_id) END
    + (SELECT COUNT(*) FROM desk_notes t WHERE t.session_id = p.session_id AND t.id > COALESCE(k.note_id, 0)
        AND t.username <> (SELECT r.username FROM users r WHERE r.id = :reader)) AS unread
FROM picked p JOIN web_chat_sessions s ON s.session_id = p.session_id LEFT JOIN users u ON u.id = s.user_id
    JOIN web_chat_messages f ON f.id = p.first_id JOIN web_chat_messages l ON l.id = p.last_id
    LEFT JOIN desk_claims c ON c.session_id = p.session_id AND c.active_until > :now AND c.boot = :boot
    LEFT JOIN desk_snoozes z ON :snoozed = 1 AND z.session_id = p.session_id
    LEFT JOIN desk_looks k ON k.person_id = :reader AND k.session_id = p.session_id
ORDER BY p.first_id;

-- name: conversations_of_person
-- The sessions an operator holds, those that wait first, longest wait first.
SELECT c.session_id, f.id AS first_id,
    (SELECT COUNT(*) FROM web_chat_messages n WHERE n.session_id = c.session_id
        AND n.state IN ('pending', 'leased') AND n.job_id IS NULL) AS open_count,
    s.title, s.uid, COALESCE(s.participant_name, u.username) AS participant_name, s.agent_id, s.last_activity,
    f.stamped_at AS since, COALESCE((SELECT substr(l.message, 1, 200) FROM web_chat_messages l WHERE l.session_id = c.session_id
        ORDER BY l.stamped_at DESC LIMIT 1), '') AS line,
    f.leased_by, f.lease_until, f.lease_boot, c.person_id, c.username, c.claimed_at, c.active_until, c.boot, NULL AS wakes_at,
    (SELECT json_group_array(g.tag) FROM desk_tags g WHERE g.session_id = c.session_id) AS tags,
    (SELECT COUNT(*) FROM web_chat_messages n WHERE n.session_id = c.session_id AND n.id > COALESCE(k.message_id, f.id - 1, 0))
    + (SELECT COUNT(*) FROM desk_notes t WHERE t.session_id = c.session_id AND t.id > COALESCE(k.note_id, 0)
        AND t.username <> c.username) AS unread
FROM desk_claims c JOIN web_chat_sessions s ON s.session_id = c.session_id LEFT JOIN users u ON u.id = s.user_id
    LEFT JOIN desk_looks k ON k.person_id = c.person_id AND k.session_id = c.session_id
    LEFT JOIN web_chat_messages f ON f.id = (SELECT MIN(o.id) FROM web_chat_messages o
        WHERE o.session_id = c.session_id AND o.state IN ('pending', 'leased') AND o.job_id IS NULL)
WHERE c.person_id = :person_id AND c.active_until > :now AND c.boot = :boot
ORDER BY f.id IS NULL, f.id, c.claimed_at LIMIT :limit;

-- name: count_conversations_waiting^
-- How many sessions wait, how many of them nobody has taken, how many were put off, and the message that waits longest.
WITH open AS (SELECT session_id, MIN(id) AS first_id, MAX(id) AS last_id FROM web_chat_messages
        WHERE state IN ('pending', 'leased') AND job_id IS NULL GROUP BY session_id),
    seen AS (SELECT o.session_id, o.first_id, EXISTS (SELECT 1 FROM desk_snoozes z WHERE z.session_id = o.session_id
        AND z.active_until > :now AND z.boot = :boot AND z.last_id >= o.last_id) AS snoozed FROM open o)
SELECT t.waiting, t.unassigned, t.snoozed, (SELECT m.stamped_at FROM web_chat_messages m WHERE m.id = t.first_id) AS oldest
FROM (SELECT COALESCE(SUM(NOT s.snoozed), 0) AS waiting, COALESCE(SUM(s.snoozed), 0) AS snoozed,
        MIN(CASE WHEN NOT s.snoozed THEN s.first_id END) AS first_id,
        COALESCE(SUM(NOT s.snoozed AND NOT EXISTS (SELECT 1 FROM desk_claims c WHERE c.session_id = s.session_id
            AND c.active_until > :now AND c.boot = :boot)), 0) AS unassigned
    FROM seen s) AS t;

-- name: count_conversations_of_person^
-- How many sessions an operator holds.
SELECT COUNT(*) FROM desk_claims WHERE person_id = :person_id AND active_until > :now AND boot = :boot;

-- name: take_conversation!
-- Claims a session that nobody holds any more, or keeps one that is held already.
INSERT INTO desk_claims (session_id, person_id, username, claimed_at, active_until, boot)
VALUES (:session_id, :person_id, :username, :claimed_at, :until, :boot)
ON CONFLICT (session_id) DO UPDATE SET
    claimed_at = CASE WHEN desk_claims.person_id = excluded.person_id AND desk_claims.active_until > :now
        AND desk_claims.boot = excluded.boot THEN desk_claims.claimed_at ELSE excluded.claimed_at END,
    person_id = excluded.person_id, username = excluded.username, active_until = excluded.active_until, boot = excluded.boot
WHERE desk_claims.person_id = excluded.person_id OR desk_claims.active_until <= :now OR desk_claims.boot <> :boot;

-- name: claim_of_session^
-- Who holds a session.
SELECT session_id, person_id, username, claimed_at, active_until, boot FROM desk_claims
WHERE session_id = :session_id AND active_until > :now AND boot = :boot;

-- name: end_claim!
-- Nobody holds the session any more.
DELETE FROM desk_claims WHERE session_id = :session_id;

-- name: snooze_conversation!
-- Puts a session off until a moment, or until its visitor writes again.
INSERT INTO desk_snoozes (session_id, username, wakes_at, active_until, boot, last_id)
VALUES (:session_id, :username, :wakes_at, :until, :boot, :last_id)
ON CONFLICT (session_id) DO UPDATE SET username = excluded.username, wakes_at = excluded.wakes_at,
    active_until = excluded.active_until, boot = excluded.boot, last_id = excluded.last_id;

-- name: end_snooze!
-- It is among those that wait again.
DELETE FROM desk_snoozes WHERE session_id = :session_id;

-- name: snooze_of_session^
-- Who put a session off, and until when.
SELECT z.session_id, z.username, z.wakes_at FROM desk_snoozes z
WHERE z.session_id = :session_id AND z.active_until > :now AND z.boot = :boot AND z.last_id >= (SELECT MAX(o.id)
    FROM web_chat_messages o WHERE o.session_id = :session_id AND o.state IN ('pending', 'leased') AND o.job_id IS NULL);

-- name: news_of_session^
-- The newest message and note of a session, and those that a reader has seen.
SELECT n.message_id, n.note_id, k.message_id AS seen_message, k.note_id AS seen_note
FROM (SELECT (SELECT COALESCE(MAX(m.id), 0) FROM web_chat_messages m WHERE m.session_id = :session_id) AS message_id,
        (SELECT COALESCE(MAX(t.id), 0) FROM desk_notes t WHERE t.session_id = :session_id) AS note_id) AS n
    LEFT JOIN desk_looks k ON k.person_id = :person_id AND k.session_id = :session_id;

-- name: look_at_session!
-- A reader has seen it as far as this.
INSERT INTO desk_looks (person_id, session_id, message_id, note_id) VALUES (:person_id, :session_id, :message_id, :note_id)
ON CONFLICT (person_id, session_id) DO UPDATE SET message_id = excluded.message_id, note_id = excluded.note_id;

-- name: resolve_conversation!
-- What was ended with it, and the newest message it knew of.
INSERT INTO desk_resolutions (session_id, username, resolved_at, message_ids, last_id)
VALUES (:session_id, :username, :resolved_at, :message_ids,
    (SELECT COALESCE(MAX(m.id), 0) FROM web_chat_messages m WHERE m.session_id = :session_id))
ON CONFLICT (session_id) DO UPDATE SET username = excluded.username, resolved_at = excluded.resolved_at,
    message_ids = excluded.message_ids, last_id = excluded.last_id;

-- name: resolution_of_session^
-- Who resolved a session that nobody has written in since.
SELECT r.session_id, r.username, r.resolved_at, r.message_ids FROM desk_resolutions r
WHERE r.session_id = :session_id
    AND r.last_id >= (SELECT COALESCE(MAX(m.id), 0) FROM web_chat_messages m WHERE m.session_id = :session_id);

-- name: end_resolution!
-- It is worked on again.
DELETE FROM desk_resolutions WHERE session_id = :session_id;

-- name: reopen_message!
-- It waits again; whoever held it when it was ended has not had a turn.
UPDATE web_chat_messages SET state = 'pending', processed = 0, attempts = MAX(0, attempts - (leased_by IS NOT NULL)),
    leased_by = NULL, receipt = NULL, served = 0, not_before = 0
WHERE id = :id AND state = 'done';

-- name: open_messages_of_session
-- What waits for an answer in one session, and who has it.
SELECT id, session_id, message, stamped_at AS timestamp, uid, is_new_user, agent_id, state, attempts, attachments, client_msg_id,
    job_id, leased_by, lease_until, lease_boot, lease_style, served, receipt, body_hash
FROM web_chat_messages WHERE session_id = :session_id AND state IN ('pending', 'leased') AND job_id IS NULL ORDER BY id;

-- name: add_note!
-- What operators tell one another about a session.
INSERT INTO desk_notes (session_id, username, note, timestamp) VALUES (:session_id, :username, :note, :now);

-- name: notes_of_session
-- The notes before a moment, newest first.
SELECT id, session_id, username, note, timestamp FROM desk_notes
WHERE session_id = :session_id AND (:before IS NULL OR timestamp < :before) ORDER BY timestamp DESC, id DESC LIMIT :limit;

-- name: sign_response!
-- Which operator wrote an answer.
UPDATE web_chat_responses SET operator = :username WHERE id = :id;

-- name: signatures_of_session
-- The answers that operators wrote, among the newest before a moment.
SELECT id, operator FROM web_chat_responses
WHERE session_id = :session_id AND operator IS NOT NULL AND (:before IS NULL OR stamped_at < :before)
ORDER BY stamped_at DESC LIMIT :limit;

-- name: newest_response_of_session^
-- The last answer a session got, by its number.
SELECT COALESCE(MAX(id), 0) FROM web_chat_responses WHERE session_id = :session_id;
