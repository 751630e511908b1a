-- Filters of the inbox that an operator keeps under a name. Old code: goes on, and offers none.

CREATE TABLE desk_views (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    UNIQUE (person_id, name)
);
