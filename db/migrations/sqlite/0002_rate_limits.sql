-- How often somebody asked, for all processes. Old code: goes on, and counts nothing.

CREATE TABLE rate_limits (
    endpoint TEXT NOT NULL,
    ip_address TEXT NOT NULL,
    request_count INTEGER NOT NULL,
    first_request INTEGER NOT NULL,
    last_request INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (endpoint, ip_address)
);
