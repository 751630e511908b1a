-- What operators keep ready to say, and conversations they put off. Old code: goes on, and shows those among the others.

CREATE TABLE canned_replies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    shortcut TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL
);

CREATE TABLE desk_snoozes (
    session_id TEXT PRIMARY KEY REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    username TEXT NOT NULL,
    wakes_at TEXT NOT NULL,
    active_until INTEGER NOT NULL,
    boot TEXT NOT NULL,
    last_id INTEGER NOT NULL
);

UPDATE agents SET description = 'Answers your questions' WHERE slug = 'default' AND description = 'Whoever answers the inbox of this bridge';
