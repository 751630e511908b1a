-- What of a conversation each operator has seen. Old code: goes on, and marks nothing.

CREATE TABLE desk_looks (
    person_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    note_id INTEGER NOT NULL,
    PRIMARY KEY (person_id, session_id)
);
CREATE INDEX desk_looks_at_a_session ON desk_looks(session_id);
