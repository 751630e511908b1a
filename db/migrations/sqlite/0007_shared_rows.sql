-- Rows that another program adds or marks become messages and replies like ours: `stamped_at` is our
-- own stamp (strictly increasing in a session), `timestamp` stays as it was written.
-- Old code: goes on; what it adds is taken for another program's and announced twice.

ALTER TABLE web_chat_messages ADD COLUMN stamped_at TEXT;
ALTER TABLE web_chat_responses ADD COLUMN stamped_at TEXT;
UPDATE web_chat_messages SET stamped_at = timestamp;
UPDATE web_chat_responses SET stamped_at = timestamp;
DROP INDEX messages_of_a_session;
DROP INDEX responses_of_a_session;
CREATE INDEX messages_of_a_session ON web_chat_messages(session_id, stamped_at);
CREATE INDEX responses_of_a_session ON web_chat_responses(session_id, stamped_at);
-- Between indexes of a session that seem equal the later one is taken: the small ones come last.
DROP INDEX messages_delayed;
DROP INDEX messages_leased;
CREATE INDEX messages_delayed ON web_chat_messages(session_id, id) WHERE state = 'pending' AND not_before > 0;
CREATE INDEX messages_leased ON web_chat_messages(session_id, id) WHERE state = 'leased';

CREATE TRIGGER agents_of_others AFTER INSERT ON agents WHEN NEW.slug IS NULL BEGIN
    UPDATE agents SET slug = 'agent-' || NEW.id WHERE id = NEW.id;
END;

CREATE TRIGGER sessions_of_others AFTER INSERT ON web_chat_sessions WHEN NEW.chat_id IS NULL BEGIN
    UPDATE web_chat_sessions SET
        chat_id = lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
            || substr('89ab', 1 + abs(random() % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
        uid = COALESCE(uid, lower(hex(randomblob(8)))),
        created_at = COALESCE(created_at, CURRENT_TIMESTAMP),
        updated_at = COALESCE(updated_at, CURRENT_TIMESTAMP),
        last_activity = COALESCE(last_activity, CURRENT_TIMESTAMP)
    WHERE id = NEW.id;
END;

-- A time within the last minute is brought in line with the session's stamps; an older one is history.
CREATE TRIGGER messages_of_others AFTER INSERT ON web_chat_messages WHEN NEW.stamped_at IS NULL BEGIN
    INSERT INTO web_chat_sessions (session_id, uid) SELECT NEW.session_id, lower(hex(randomblob(8)))
    WHERE NOT EXISTS (SELECT 1 FROM web_chat_sessions WHERE session_id = NEW.session_id);
    UPDATE web_chat_sessions SET status = 'active', is_active = 1, last_activity = CURRENT_TIMESTAMP,
        last_stamp = CASE WHEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) < last_stamp - 60000
            THEN last_stamp ELSE MAX(last_stamp + 1, MIN(CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER),
            COALESCE(CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER), CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)))) END
    WHERE session_id = NEW.session_id;
    UPDATE web_chat_messages SET
        stamped_at = (SELECT strftime('%Y-%m-%dT%H:%M:%S', stamp / 1000, 'unixepoch') || printf('.%03dZ', stamp % 1000)
            FROM (SELECT CASE WHEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) < last_stamp - 60000
                THEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) ELSE last_stamp END AS stamp
                FROM web_chat_sessions WHERE session_id = NEW.session_id)),
        timestamp = COALESCE(timestamp, CURRENT_TIMESTAMP),
        uid = COALESCE(uid, (SELECT uid FROM web_chat_sessions WHERE session_id = NEW.session_id)),
        state = CASE WHEN NEW.processed THEN 'done' ELSE state END
    WHERE id = NEW.id;
    INSERT INTO events (session_id, kind, audience, message_id, payload, created_at)
    VALUES (NEW.session_id, 'message.created', 'visitor', NEW.id, '{"agent":"default"}',
        strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
END;

CREATE TRIGGER messages_done_by_others AFTER UPDATE OF processed ON web_chat_messages
WHEN NEW.processed AND NEW.state IN ('pending', 'leased') BEGIN
    UPDATE web_chat_messages SET state = 'done' WHERE id = NEW.id;
    INSERT INTO events (session_id, kind, audience, message_id, payload, created_at)
    VALUES (NEW.session_id, 'message.acked', 'visitor', NEW.id, '{"message_id":' || NEW.id || '}',
        strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
END;

CREATE TRIGGER messages_reopened_by_others AFTER UPDATE OF processed ON web_chat_messages
WHEN NOT NEW.processed AND OLD.processed AND NEW.state = 'done' BEGIN
    UPDATE web_chat_messages SET state = 'pending', attempts = 0, leased_by = NULL, receipt = NULL WHERE id = NEW.id;
END;

CREATE TRIGGER responses_of_others AFTER INSERT ON web_chat_responses WHEN NEW.stamped_at IS NULL BEGIN
    INSERT INTO web_chat_sessions (session_id, uid) SELECT NEW.session_id, lower(hex(randomblob(8)))
    WHERE NOT EXISTS (SELECT 1 FROM web_chat_sessions WHERE session_id = NEW.session_id);
    UPDATE web_chat_sessions SET last_activity = CURRENT_TIMESTAMP,
        last_stamp = CASE WHEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) < last_stamp - 60000
            THEN last_stamp ELSE MAX(last_stamp + 1, MIN(CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER),
            COALESCE(CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER), CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)))) END
    WHERE session_id = NEW.session_id;
    UPDATE web_chat_responses SET
        stamped_at = (SELECT strftime('%Y-%m-%dT%H:%M:%S', stamp / 1000, 'unixepoch') || printf('.%03dZ', stamp % 1000)
            FROM (SELECT CASE WHEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) < last_stamp - 60000
                THEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) ELSE last_stamp END AS stamp
                FROM web_chat_sessions WHERE session_id = NEW.session_id)),
        timestamp = COALESCE(timestamp, CURRENT_TIMESTAMP),
        response = CASE WHEN COALESCE(response, '') = '' THEN COALESCE(response_data, '') ELSE response END,
        response_data = CASE WHEN COALESCE(response_data, '') = '' THEN COALESCE(response, '') ELSE response_data END
    WHERE id = NEW.id;
    INSERT INTO events (session_id, kind, audience, response_id, payload, created_at)
    VALUES (NEW.session_id, 'response.created', 'visitor', NEW.id, '{}', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
END;
