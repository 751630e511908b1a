INSERT INTO web_chat_sessions (session_id, uid, created_at, last_activity) VALUES
    ('session_ada', '00000000000000ad', '2025-08-04 03:17:33', '2025-08-04 03:17:33'), ('session_null', '00000000000000ae', NULL, NULL);
INSERT INTO web_chat_messages (session_id, message, timestamp, processed, metadata) VALUES
    ('session_ada', 'Done', '2025-08-04 03:17:33', 1, '{}'), ('session_ada', 'First', '2025-08-04T03:17:34+00:00', 0, NULL),
    ('session_ada', 'Second', '2025-08-04 03:17:34', NULL, NULL);
INSERT INTO web_chat_responses (session_id, response, message_id, timestamp) VALUES
    ('session_ada', 'Answer', 1, '2025-08-04 03:17:34'), ('session_ada', 'Another', 'abc', NULL);
INSERT INTO rate_limits (ip_address, endpoint, window_start) VALUES ('127.0.0.1', 'messages', '2025-08-04 03:00:00');
