-- People who sign in, and their conversations. Old code: goes on; nobody is signed in there.

ALTER TABLE users ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0;

CREATE TABLE user_sessions (
    id TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    session_token TEXT NOT NULL UNIQUE,
    expires_at TEXT NOT NULL,
    ip_address TEXT,
    user_agent TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_used_at TEXT
);
CREATE INDEX logins_of_a_user ON user_sessions(user_id);

ALTER TABLE web_chat_sessions ADD COLUMN from_page INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_of_a_user ON web_chat_sessions(user_id, last_activity) WHERE user_id IS NOT NULL;
