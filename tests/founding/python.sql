CREATE TABLE web_chat_sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id VARCHAR(64) UNIQUE NOT NULL,
    uid VARCHAR(16) UNIQUE NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    last_activity TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, ip_address TEXT, user_agent TEXT, is_active BOOLEAN DEFAULT 1,
    metadata TEXT);
CREATE TABLE web_chat_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id VARCHAR(64) NOT NULL,
    message TEXT NOT NULL, message_type TEXT DEFAULT 'user', created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    processed BOOLEAN DEFAULT 0, metadata TEXT, FOREIGN KEY (session_id) REFERENCES web_chat_sessions(session_id));
CREATE TABLE web_chat_responses (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id VARCHAR(64) NOT NULL,
    response_id TEXT UNIQUE NOT NULL, response_data TEXT NOT NULL, status TEXT DEFAULT 'pending',
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (session_id) REFERENCES web_chat_sessions(session_id));
CREATE TABLE rate_limits (id INTEGER PRIMARY KEY, ip_address TEXT, endpoint TEXT, request_count INTEGER, created_at TEXT,
    updated_at TEXT);
CREATE VIEW active_sessions_view AS SELECT s.session_id, COUNT(m.id) AS messages FROM web_chat_sessions s
    LEFT JOIN web_chat_messages m ON m.session_id = s.session_id GROUP BY s.session_id;
