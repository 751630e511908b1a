-- Counts are numbered, as founding programs have it; those of windows under way begin anew.
-- Old code: goes on, as it names its columns.

DROP TABLE rate_limits;

CREATE TABLE rate_limits (
    id INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    ip_address TEXT NOT NULL,
    request_count INTEGER NOT NULL,
    first_request INTEGER NOT NULL,
    last_request INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    UNIQUE (endpoint, ip_address)
);
