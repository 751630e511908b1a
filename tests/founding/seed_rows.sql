INSERT INTO web_chat_sessions (session_id, user_id, agent_id, created_at) VALUES ('session_ada', 1, 1, '2025-08-04 03:17:33'),
    ('session_empty', NULL, NULL, NULL);
INSERT INTO web_chat_messages (session_id, message, timestamp, uid) VALUES ('session_ada', 'First', '2025-08-04 03:17:34', '00000000000000ad'),
    ('session_ada', 'Second', '2025-08-04 03:17:34', '00000000000000ad'), ('session_gone', 'Orphan', NULL, NULL);
INSERT INTO web_chat_responses (session_id, response_data, timestamp) VALUES ('session_ada', 'Answer', '2025-08-04 03:17:34'),
    ('session_ada', 'Another', 'nonsense');
INSERT INTO rate_limits (endpoint, ip_address) VALUES ('messages', '127.0.0.1');
