-- Operators: who holds which conversation, what they noted, which forms were acted on. Old code: goes on, and
-- hands claimed conversations to agents.

CREATE TABLE desk_claims (
    session_id TEXT PRIMARY KEY REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    username TEXT NOT NULL,
    claimed_at TEXT NOT NULL,
    active_until INTEGER NOT NULL,
    boot TEXT NOT NULL
);
CREATE INDEX desk_claims_of_a_person ON desk_claims(person_id);

CREATE TABLE desk_notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    username TEXT NOT NULL,
    note TEXT NOT NULL,
    timestamp TEXT NOT NULL
);
CREATE INDEX desk_notes_of_a_session ON desk_notes(session_id, timestamp);

CREATE TABLE form_keys (
    form_key TEXT PRIMARY KEY,
    answer TEXT,
    created_at TEXT NOT NULL
);
CREATE INDEX form_keys_by_age ON form_keys(created_at);

ALTER TABLE web_chat_responses ADD COLUMN operator TEXT;

CREATE INDEX messages_open ON web_chat_messages(session_id, id) WHERE state IN ('pending', 'leased') AND job_id IS NULL;

CREATE INDEX sessions_by_activity ON web_chat_sessions(last_activity, id);
