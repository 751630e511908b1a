CREATE TABLE web_chat_sessions (id VARCHAR(64) PRIMARY KEY, uid VARCHAR(16) UNIQUE, created_at TEXT DEFAULT CURRENT_TIMESTAMP,
    last_active TEXT DEFAULT CURRENT_TIMESTAMP, ip_address VARCHAR(45), metadata TEXT);
CREATE TABLE web_chat_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id VARCHAR(64) NOT NULL, message TEXT NOT NULL,
    timestamp TEXT DEFAULT CURRENT_TIMESTAMP, processed INTEGER DEFAULT 0, broca_message_id INTEGER,
    FOREIGN KEY (session_id) REFERENCES web_chat_sessions(id));
CREATE TABLE web_chat_responses (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id VARCHAR(64) NOT NULL, response TEXT NOT NULL,
    message_id INTEGER, timestamp TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE rate_limits (ip_address VARCHAR(45), endpoint VARCHAR(50), count INTEGER, window_start TEXT,
    PRIMARY KEY (ip_address, endpoint));
