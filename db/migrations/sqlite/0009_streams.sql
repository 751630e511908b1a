-- Answers that are still being written. Old code: goes on, and shows an answer once it is whole.

CREATE TABLE response_streams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    response_id TEXT NOT NULL,
    message_id TEXT,
    kind TEXT NOT NULL DEFAULT 'text',
    agent TEXT NOT NULL DEFAULT '',
    length INTEGER NOT NULL DEFAULT 0,
    sequence INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL,
    lease_boot TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (session_id, response_id)
);

CREATE TABLE response_deltas (
    stream_id INTEGER NOT NULL REFERENCES response_streams(id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    start INTEGER NOT NULL,
    delta TEXT NOT NULL,
    idempotency_key TEXT,
    PRIMARY KEY (stream_id, sequence)
);
