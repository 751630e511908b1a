-- What operators call conversations. Old code: goes on, and shows none.

CREATE TABLE desk_tags (
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    username TEXT NOT NULL,
    tagged_at TEXT NOT NULL,
    PRIMARY KEY (session_id, tag)
);
CREATE INDEX desk_tags_by_name ON desk_tags(tag);
