-- What resolving a conversation ended, so that it can be undone. Old code: goes on, and cannot undo.

CREATE TABLE desk_resolutions (
    session_id TEXT PRIMARY KEY REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    username TEXT NOT NULL,
    resolved_at TEXT NOT NULL,
    message_ids TEXT NOT NULL,
    last_id INTEGER NOT NULL
);
