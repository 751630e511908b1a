INSERT INTO web_chat_sessions (session_id, uid, created_at, last_activity) VALUES
    ('session_ada', '00000000000000ad', '2025-08-04 03:17:33', '2025-08-04 03:17:33');
INSERT INTO web_chat_messages (session_id, message, created_at, processed) VALUES
    ('session_ada', 'Done', '2025-08-04 03:17:33', 1), ('session_ada', 'First', '2025-08-04 03:17:34', 0),
    ('session_ada', 'Second', '2025-08-04 03:17:34', 0);
INSERT INTO web_chat_responses (session_id, response_id, response_data, created_at) VALUES
    ('session_ada', 'r1', 'Answer', '2025-08-04 03:17:34'), ('session_ada', 'r2', 'Another', '2025-08-04 03:17:35');
INSERT INTO rate_limits VALUES (1, '127.0.0.1', 'messages', 7, NULL, NULL);
