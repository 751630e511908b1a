-- Who uploaded a file, so that room is counted by key; pipelines that people saved under a name.
-- Old code: does not know the column, and never reads the table.

ALTER TABLE attachments ADD COLUMN uploaded_by TEXT;
CREATE INDEX attachments_by_uploader ON attachments(uploaded_by) WHERE uploaded_by IS NOT NULL;

CREATE TABLE saved_workflows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    command TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (owner, name)
);
