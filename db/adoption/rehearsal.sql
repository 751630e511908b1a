-- What this program will do to these tables, tried once and taken back: a rule of theirs that it
-- cannot keep shows now, not at the first visitor's message.

INSERT INTO web_chat_sessions (session_id, chat_id, uid, token_hash, bound, agent_id, title, partition_key, last_stamp,
    ip_address, user_agent, created_at, updated_at, last_activity)
VALUES ('session_rehearsal', 'rehearsal', '00000000rehearse', '', 0, NULL, 'Rehearsal', '2026/11', 1, '127.0.0.1', '',
    '2026-11-21T12:00:00.000Z', '2026-11-21T12:00:00.000Z', '2026-11-21T12:00:00.000Z')
ON CONFLICT (session_id) DO UPDATE SET status = 'active';

INSERT INTO web_chat_messages (session_id, message, client_msg_id, timestamp, uid, is_new_user, attachments, stamped_at)
VALUES ('session_rehearsal', 'Rehearsal', 'rehearsal', '2026-11-21T12:00:00.000Z', '00000000rehearse', 1, '[]',
    '2026-11-21T12:00:00.000Z');

UPDATE web_chat_messages SET state = 'leased', receipt = 'rehearsal' WHERE session_id = 'session_rehearsal';

UPDATE web_chat_messages SET state = 'done', processed = 1 WHERE session_id = 'session_rehearsal';

INSERT INTO web_chat_responses (session_id, response_id, response, response_data, kind, timestamp, metadata, stamped_at)
VALUES ('session_rehearsal', 'rehearsal', 'Rehearsal', 'Rehearsal', 'text', '2026-11-21T12:00:00.001Z', '{}',
    '2026-11-21T12:00:00.001Z');

INSERT INTO events (session_id, kind, created_at) VALUES ('session_rehearsal', 'rehearsal', '2026-11-21T12:00:00.001Z');

INSERT INTO system_config (config_key, config_value, description, is_secret, created_at, updated_at)
VALUES ('rehearsal', '1', '', 0, '2026-11-21 12:00:00', '2026-11-21 12:00:00')
ON CONFLICT (config_key) DO UPDATE SET config_value = excluded.config_value;

DELETE FROM web_chat_responses WHERE session_id = 'session_rehearsal';

DELETE FROM web_chat_messages WHERE session_id = 'session_rehearsal';

DELETE FROM web_chat_sessions WHERE session_id = 'session_rehearsal';
