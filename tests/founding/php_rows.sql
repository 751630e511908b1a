INSERT INTO web_chat_sessions VALUES ('session_ada', '00000000000000ad', '2025-08-04 03:00:00', '2025-08-04 03:17:33', '9.9.9.9', '{"page":"/"}'),
    ('abc-123', NULL, '2025-08-04 03:00:00', NULL, NULL, NULL);
INSERT INTO web_chat_messages (session_id, message, timestamp, processed) VALUES
    ('session_ada', 'Done &amp; dusted', '2025-08-04T03:17:33.484Z', 1), ('session_ada', 'First', '2025-08-04T03:17:34+00:00', 0),
    ('abc-123', 'Second', '2025-08-04 03:17:35', 0), ('session_gone', 'Orphan', 'yesterday', 0);
INSERT INTO web_chat_responses (session_id, response, message_id, timestamp) VALUES
    ('session_ada', 'Answer &lt;b&gt;', 1, '2025-08-04T03:17:33+00:00'), ('session_gone', 'Another', NULL, '2025-08-04T05:17:33+02:00');
