CREATE TABLE web_chat_sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT UNIQUE NOT NULL, uid TEXT NOT NULL,
    created_at TEXT DEFAULT CURRENT_TIMESTAMP, last_activity TEXT DEFAULT CURRENT_TIMESTAMP, ip_address TEXT,
    user_agent TEXT, is_active INTEGER DEFAULT 1, metadata TEXT);
CREATE TABLE web_chat_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, message TEXT NOT NULL,
    message_type TEXT DEFAULT 'user', timestamp TEXT DEFAULT CURRENT_TIMESTAMP, processed INTEGER DEFAULT 0, metadata TEXT,
    FOREIGN KEY (session_id) REFERENCES web_chat_sessions(session_id));
CREATE TABLE web_chat_responses (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, response TEXT NOT NULL,
    response_id TEXT UNIQUE, message_id INTEGER, timestamp TEXT DEFAULT CURRENT_TIMESTAMP, status TEXT DEFAULT 'pending',
    updated_at TEXT, metadata TEXT, FOREIGN KEY (session_id) REFERENCES web_chat_sessions(session_id));
CREATE TABLE rate_limits (id INTEGER PRIMARY KEY AUTOINCREMENT, ip_address TEXT NOT NULL, endpoint TEXT NOT NULL,
    count INTEGER DEFAULT 1, window_start TEXT, UNIQUE(ip_address, endpoint, window_start));
