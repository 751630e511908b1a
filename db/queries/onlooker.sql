-- name: schema_version^
-- The newest migration that this database has.
SELECT MAX(version) FROM bridge_migrations;

-- name: newest_moment^
-- When the last event was written.
SELECT created_at FROM events ORDER BY seq DESC LIMIT 1;

-- name: first_administrators
-- Who may do everything, and the hash of their password; the table may be another program's.
SELECT username, password_hash FROM users
WHERE role = 'admin' AND COALESCE(is_active, 1) ORDER BY id LIMIT :most;
