-- name: touch_session^
-- Opens the session or marks it active, and gives it the next strictly increasing stamp.
INSERT INTO web_chat_sessions (session_id, chat_id, uid, token_hash, bound, agent_id, title, partition_key, last_stamp,
    ip_address, user_agent, created_at, updated_at, last_activity, user_id, from_page)
VALUES (:session_id, :chat_id, :uid, :token_hash, :bound, :agent_id, :title, :partition_key, :now_ms,
    :ip_address, :user_agent, :now, :now, :now, :user_id, :from_page)
ON CONFLICT (session_id) DO UPDATE SET
    last_stamp = CASE WHEN web_chat_sessions.last_stamp >= excluded.last_stamp
        THEN web_chat_sessions.last_stamp + 1 ELSE excluded.last_stamp END,
    title = COALESCE(web_chat_sessions.title, excluded.title),
    agent_id = COALESCE(excluded.agent_id, web_chat_sessions.agent_id),
    user_id = CASE WHEN web_chat_sessions.token_hash = excluded.token_hash
        THEN COALESCE(web_chat_sessions.user_id, excluded.user_id) ELSE web_chat_sessions.user_id END,
    uid = COALESCE(web_chat_sessions.uid, excluded.uid),
    token_hash = COALESCE(web_chat_sessions.token_hash, excluded.token_hash),
    chat_id = COALESCE(web_chat_sessions.chat_id, excluded.chat_id),
    status = 'active', is_active = 1, updated_at = excluded.updated_at, last_activity = excluded.last_activity
RETURNING id, session_id, chat_id, uid, token_hash, bound, agent_id, title, status, partition_key, last_stamp,
    created_at, last_activity, user_id, from_page;

-- name: stamp_session^
-- The next stamp of an existing session, for a reply.
UPDATE web_chat_sessions SET last_stamp = CASE WHEN last_stamp >= :now_ms THEN last_stamp + 1 ELSE :now_ms END,
    last_activity = :now, updated_at = :now
WHERE session_id = :session_id RETURNING last_stamp;

-- name: find_session^
-- One session by its id.
SELECT id, session_id, chat_id, uid, token_hash, bound, agent_id, title, status, partition_key, last_stamp,
    created_at, last_activity, user_id, from_page
FROM web_chat_sessions WHERE session_id = :session_id;

-- name: bind_session!
-- The secret was presented: from now on it is needed.
UPDATE web_chat_sessions SET bound = 1 WHERE session_id = :session_id;

-- name: replace_session_token!
-- A new secret for a session whose first answer was lost.
UPDATE web_chat_sessions SET token_hash = :token_hash WHERE session_id = :session_id AND bound = 0;

-- name: sessions_of_token
-- The sessions of one browser, latest first.
SELECT id, session_id, chat_id, uid, token_hash, bound, agent_id, title, status, partition_key, last_stamp,
    created_at, last_activity, user_id, from_page
FROM web_chat_sessions WHERE token_hash = :token_hash ORDER BY last_activity DESC LIMIT :limit;

-- name: sessions_of_user
-- The sessions of somebody who signs in, latest first.
SELECT id, session_id, chat_id, uid, token_hash, bound, agent_id, title, status, partition_key, last_stamp,
    created_at, last_activity, user_id, from_page
FROM web_chat_sessions WHERE user_id = :user_id ORDER BY last_activity DESC LIMIT :limit;

-- name: claim_sessions!
-- What a browser's guest has said is theirs who signs in there.
UPDATE web_chat_sessions SET user_id = :user_id, updated_at = :now WHERE token_hash = :token_hash AND user_id IS NULL;

-- name: said_as_guest^
-- How many messages a browser's guest has written on our page.
SELECT COUNT(*) FROM web_chat_sessions s JOIN web_chat_messages m ON m.session_id = s.session_id
WHERE s.token_hash = :token_hash AND s.user_id IS NULL AND s.from_page = 1;

-- name: watched_session!
-- Somebody looks at it right now; an expired one waits for its next message.
UPDATE web_chat_sessions SET last_activity = :now WHERE session_id = :session_id AND status = 'active';

-- name: expire_sessions!
-- Marks sessions nobody has used for long; they keep their rows and still take replies.
UPDATE web_chat_sessions SET status = 'expired', is_active = 0 WHERE status = 'active'
    AND replace(last_activity, ' ', 'T') < :before;

-- name: idle_sessions
-- Sessions that retention is about to delete, oldest first.
SELECT id, session_id, chat_id, uid, token_hash, bound, agent_id, title, status, partition_key, last_stamp,
    created_at, last_activity, user_id, from_page
FROM web_chat_sessions WHERE replace(COALESCE(last_activity, created_at, ''), ' ', 'T') < :before
ORDER BY last_activity LIMIT :limit;

-- name: erase_messages!
-- Before their session, also where another program's foreign keys do not cascade.
DELETE FROM web_chat_messages WHERE session_id = :session_id;

-- name: erase_responses!
-- The same for the other side.
DELETE FROM web_chat_responses WHERE session_id = :session_id;

-- name: erase_session!
-- Deletes a session and, by cascade, all that belongs to it.
DELETE FROM web_chat_sessions WHERE session_id = :session_id;

-- name: session_overviews
-- Sessions with the counts an administrator sees, latest first.
SELECT s.id, s.session_id, s.chat_id, s.uid, s.agent_id, s.title, s.status, s.created_at, s.last_activity, s.ip_address,
    s.user_agent, s.metadata,
    (SELECT COUNT(*) FROM web_chat_messages m WHERE m.session_id = s.session_id) AS message_count,
    (SELECT COUNT(*) FROM web_chat_responses r WHERE r.session_id = s.session_id) AS response_count
FROM web_chat_sessions s WHERE replace(s.last_activity, ' ', 'T') >= :since AND s.status <> 'internal'
ORDER BY s.last_activity DESC, s.id DESC LIMIT :limit OFFSET :offset;

-- name: session_overview^
-- One session as an administrator sees it.
SELECT s.id, s.session_id, s.chat_id, s.uid, s.agent_id, s.title, s.status, s.created_at, s.last_activity, s.ip_address,
    s.user_agent, s.metadata,
    (SELECT COUNT(*) FROM web_chat_messages m WHERE m.session_id = s.session_id) AS message_count,
    (SELECT COUNT(*) FROM web_chat_responses r WHERE r.session_id = s.session_id) AS response_count
FROM web_chat_sessions s WHERE s.session_id = :session_id;

-- name: count_sessions^
-- How many sessions were alive since a moment.
SELECT COUNT(*) FROM web_chat_sessions WHERE replace(last_activity, ' ', 'T') >= :since AND status <> 'internal';

-- name: count_everything^
-- How much conversation there is.
SELECT (SELECT COUNT(*) FROM web_chat_sessions WHERE status <> 'internal') AS sessions, (SELECT COUNT(*) FROM web_chat_messages) AS messages,
    (SELECT COUNT(*) FROM web_chat_responses) AS responses;

-- name: rename_session!
-- Its visitor's name for it; the first message names only what has none.
UPDATE web_chat_sessions SET title = :title, updated_at = :now WHERE session_id = :session_id;

-- name: pin_session!
-- On top of its visitor's list.
INSERT OR IGNORE INTO pinned_sessions (session_id) VALUES (:session_id);

-- name: unpin_session!
-- Back among the others.
DELETE FROM pinned_sessions WHERE session_id = :session_id;

-- name: pinned_among
-- Which of these sessions (a JSON list of ids) are pinned.
SELECT session_id FROM pinned_sessions WHERE session_id IN (SELECT value FROM json_each(:session_ids));

-- name: said_in_sessions
-- One place of each of these sessions (a JSON list of ids) where either side said the words, among its newest entries.
SELECT session_id, COALESCE(asked, answered) AS text FROM (
    SELECT w.value AS session_id,
        (SELECT asks.message FROM (SELECT message, id FROM web_chat_messages WHERE session_id = w.value ORDER BY id DESC LIMIT 1000) asks
            WHERE asks.message LIKE :words ESCAPE '\' ORDER BY asks.id DESC LIMIT 1) AS asked,
        (SELECT tells.response FROM (SELECT response, id FROM web_chat_responses WHERE session_id = w.value ORDER BY id DESC LIMIT 1000) tells
            WHERE tells.response LIKE :words ESCAPE '\' ORDER BY tells.id DESC LIMIT 1) AS answered
    FROM json_each(:session_ids) w
) WHERE asked IS NOT NULL OR answered IS NOT NULL LIMIT :limit;
