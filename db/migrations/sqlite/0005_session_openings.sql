-- Conversations opened with an Idempotency-Key: a retry gets the first answer again. Old code: goes
-- on, opens one more.

CREATE TABLE session_openings (
    open_key TEXT PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    salt TEXT NOT NULL,
    body_hash TEXT NOT NULL
);
