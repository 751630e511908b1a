-- name: count_request^
-- Counts within a window, which begins with its first request; a window that ends too far away was
-- begun before the clock was set back.
INSERT INTO rate_limits (endpoint, ip_address, request_count, first_request, last_request, ends_at)
VALUES (:endpoint, :who, :amount, :now, :now, :now + :window)
ON CONFLICT (endpoint, ip_address) DO UPDATE SET
    request_count = CASE WHEN rate_limits.ends_at <= :now OR rate_limits.ends_at > :now + :window THEN :amount
        ELSE rate_limits.request_count + :amount END,
    first_request = CASE WHEN rate_limits.ends_at <= :now OR rate_limits.ends_at > :now + :window THEN :now
        ELSE rate_limits.first_request END,
    last_request = :now,
    ends_at = CASE WHEN rate_limits.ends_at <= :now OR rate_limits.ends_at > :now + :window THEN :now + :window
        ELSE rate_limits.ends_at END
RETURNING request_count, ends_at;

-- name: requests_counted^
-- How often somebody asked in the window that is open.
SELECT request_count, ends_at FROM rate_limits WHERE endpoint = :endpoint AND ip_address = :who AND ends_at > :now;

-- name: forget_request_counts!
-- Windows that are over.
DELETE FROM rate_limits WHERE ends_at <= :now;

-- name: forget_requests_of!
-- Somebody's count begins anew.
DELETE FROM rate_limits WHERE endpoint = :endpoint AND ip_address = :who;

-- name: forget_quotas!
-- Counts of the limiter, whose endpoints name their quota; failures have none.
DELETE FROM rate_limits WHERE endpoint <> replace(endpoint, '/', '');
