-- Conversations that their visitor keeps on top of the list. Old code: goes on, and shows them among the others.

CREATE TABLE pinned_sessions (
    session_id TEXT PRIMARY KEY REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE
);
