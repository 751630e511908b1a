-- name: sessions_listed
-- Sessions for the console, latest first, after a place in the list; counts only of those shown. A search looks through the
-- names and the newest 200,000 messages and answers; `line` is where it found its words.
SELECT p.*, CASE WHEN :words IS NOT NULL THEN COALESCE(
    (SELECT f.message FROM web_chat_messages f WHERE f.session_id = p.session_id AND f.message LIKE :words ESCAPE '\' ORDER BY f.id DESC LIMIT 1),
    (SELECT f.response FROM web_chat_responses f WHERE f.session_id = p.session_id AND f.response LIKE :words ESCAPE '\' ORDER BY f.id DESC LIMIT 1)
    ) END AS line,
    (SELECT COUNT(*) FROM web_chat_messages m WHERE m.session_id = p.session_id) AS message_count,
    (SELECT COUNT(*) FROM web_chat_responses r WHERE r.session_id = p.session_id) AS response_count
FROM (SELECT s.id, s.session_id, s.chat_id, s.uid, s.agent_id, s.title, s.status, s.created_at, s.last_activity,
        s.ip_address, s.user_agent, s.metadata, COALESCE(s.participant_name, u.username) AS name
    FROM web_chat_sessions s LEFT JOIN users u ON u.id = s.user_id
    WHERE s.status <> 'internal' AND (:last_activity IS NULL OR (s.last_activity, s.id) < (:last_activity, :id))
        AND (:status IS NULL OR s.status = :status)
        AND (:agent_id IS NULL OR COALESCE(s.agent_id, :default_id) = :agent_id)
        AND (:words IS NULL OR s.title LIKE :words ESCAPE '\' OR s.uid LIKE :words ESCAPE '\'
            OR s.participant_name LIKE :words ESCAPE '\' OR u.username LIKE :words ESCAPE '\' OR s.session_id LIKE :words ESCAPE '\'
            OR s.session_id IN (SELECT w.session_id FROM web_chat_messages w WHERE w.message LIKE :words ESCAPE '\'
                AND w.id > (SELECT MAX(n.id) FROM web_chat_messages n) - 200000)
            OR s.session_id IN (SELECT w.session_id FROM web_chat_responses w WHERE w.response LIKE :words ESCAPE '\'
                AND w.id > (SELECT MAX(n.id) FROM web_chat_responses n) - 200000))
    ORDER BY s.last_activity DESC, s.id DESC LIMIT :limit) AS p
ORDER BY p.last_activity DESC, p.id DESC;

-- name: responses_listed
-- Answers for the console, newest first, after a place in the list.
SELECT r.id, r.session_id, r.response_id, substr(r.response, 1, 200) AS line, r.message_id, r.kind, r.status, r.stamped_at AS timestamp,
    r.operator, s.title, s.uid
FROM web_chat_responses r JOIN web_chat_sessions s ON s.session_id = r.session_id
WHERE (:before IS NULL OR r.id < :before) AND (:kind IS NULL OR r.kind = :kind)
    AND (:session_id IS NULL OR r.session_id = :session_id) AND (:status IS NULL OR r.status = :status)
ORDER BY r.id DESC LIMIT :limit;

-- name: response_by_id^
-- One answer whole.
SELECT id, session_id, response, message_id, kind, stamped_at AS timestamp, metadata, body_hash FROM web_chat_responses WHERE id = :id;

-- name: close_session!
-- Ended by an operator; what the visitor writes next opens it again.
UPDATE web_chat_sessions SET status = 'ended', is_active = 0, updated_at = :now
WHERE session_id = :session_id AND status <> 'ended';

-- name: reopen_session!
-- What was ended, or fell asleep, goes on.
UPDATE web_chat_sessions SET status = 'active', is_active = 1, updated_at = :now, last_activity = :now
WHERE session_id = :session_id AND status IN ('ended', 'expired');

-- name: visitor_of_session^
-- What the visitor is called and where from, for staff only.
SELECT COALESCE(s.participant_name, u.username) AS participant_name, s.ip_address, s.user_agent
FROM web_chat_sessions s LEFT JOIN users u ON u.id = s.user_id WHERE s.session_id = :session_id;
