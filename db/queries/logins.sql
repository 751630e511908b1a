-- name: add_login!
-- Somebody signed in; only the token's hash is kept.
INSERT INTO user_sessions (id, user_id, session_token, expires_at, ip_address, user_agent, created_at, last_used_at)
VALUES (:id, :user_id, :token_hash, :expires_at, :ip_address, :user_agent, :now, :now);

-- name: find_login^
-- Who holds a token.
SELECT id, user_id, expires_at, ip_address, user_agent, created_at, last_used_at FROM user_sessions
WHERE session_token = :token_hash;

-- name: logins_of_user
-- Where somebody is signed in, latest first; rows of other programs have no last use.
SELECT id, user_id, expires_at, ip_address, user_agent, created_at, last_used_at FROM user_sessions
WHERE user_id = :user_id AND expires_at > :now AND last_used_at IS NOT NULL ORDER BY last_used_at DESC LIMIT :limit;

-- name: mark_login_used!
-- When it was last used, to the minute.
UPDATE user_sessions SET last_used_at = :now WHERE id = :id;

-- name: end_login!
-- Signs out one browser of somebody.
DELETE FROM user_sessions WHERE id = :id AND user_id = :user_id;

-- name: end_logins!
-- Signs somebody out everywhere, but where `kept` says.
DELETE FROM user_sessions WHERE user_id = :user_id AND id <> :kept;

-- name: forget_logins!
-- Tokens whose time is over.
DELETE FROM user_sessions WHERE expires_at <= :now;
