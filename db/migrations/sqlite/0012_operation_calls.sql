-- Operations asked for over HTTP, outside of any conversation: who asked, with which files, and what came of it.
-- Old code goes on: it never looks here.

CREATE TABLE operation_calls (
    job_id TEXT PRIMARY KEY REFERENCES jobs(job_id) ON DELETE CASCADE,
    caller TEXT NOT NULL,
    idempotency_key TEXT,
    body_hash TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE UNIQUE INDEX operation_calls_by_key ON operation_calls(caller, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE operation_files (
    name TEXT PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs(job_id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    shown_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX operation_files_of_a_job ON operation_files(job_id);
CREATE INDEX operation_files_by_content ON operation_files(sha256);
