-- What the columns that were just added say about rows that another program wrote. Only added
-- columns change; rows whose session is gone get one again, so that replies have somewhere to go.

INSERT INTO web_chat_sessions (session_id, uid)
SELECT session_id, lower(hex(randomblob(8))) FROM (
    SELECT session_id FROM web_chat_messages UNION SELECT session_id FROM web_chat_responses) AS gone
WHERE session_id IS NOT NULL AND session_id NOT IN (SELECT session_id FROM web_chat_sessions);

UPDATE web_chat_sessions SET chat_id = lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4'
    || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + abs(random() % 4), 1) || substr(hex(randomblob(2)), 2)
    || '-' || hex(randomblob(6))) WHERE chat_id IS NULL;

CREATE TEMP TABLE stamps AS
WITH said AS (
    SELECT 'm' AS side, id, session_id, timestamp FROM web_chat_messages
    UNION ALL SELECT 'r', id, session_id, timestamp FROM web_chat_responses
), placed AS (
    SELECT side, id, session_id, COALESCE(CAST(ROUND((julianday(CASE WHEN timestamp GLOB '2[0-9][0-9][0-9]-*'
        THEN timestamp END) - 2440587.5) * 86400000) AS INTEGER), 0) AS ms FROM said
), numbered AS (
    SELECT side, id, session_id, ms, ROW_NUMBER() OVER (PARTITION BY session_id ORDER BY ms, side, id) AS n FROM placed
)
SELECT side, id, session_id, n + MAX(ms - n) OVER (PARTITION BY session_id ORDER BY n) AS ms FROM numbered;

CREATE INDEX temp.stamps_by_row ON stamps(side, id);

UPDATE web_chat_messages SET stamped_at = (SELECT strftime('%Y-%m-%dT%H:%M:%S', s.ms / 1000, 'unixepoch')
    || printf('.%03dZ', s.ms % 1000) FROM stamps s WHERE s.side = 'm' AND s.id = web_chat_messages.id);

UPDATE web_chat_responses SET stamped_at = (SELECT strftime('%Y-%m-%dT%H:%M:%S', s.ms / 1000, 'unixepoch')
    || printf('.%03dZ', s.ms % 1000) FROM stamps s WHERE s.side = 'r' AND s.id = web_chat_responses.id);

CREATE INDEX temp.stamps_by_session ON stamps(session_id, ms);

UPDATE web_chat_sessions SET last_stamp = COALESCE(
    (SELECT MAX(s.ms) FROM stamps s WHERE s.session_id = web_chat_sessions.session_id), 0);

DROP TABLE temp.stamps;

UPDATE web_chat_messages SET state = 'done' WHERE processed;

UPDATE agents SET slug = 'agent-' || id WHERE slug IS NULL;
