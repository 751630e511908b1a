-- name: key_by_prefix
-- The keys that may be meant by a secret.
SELECT id, name, prefix, key_hash, scopes, agent_id, expires_at, revoked_at, last_used_at FROM api_keys
WHERE prefix = :prefix OR prefix = :configured_prefix;

-- name: add_key!
-- A new key; a configured one replaces its earlier row.
INSERT INTO api_keys (name, prefix, key_hash, scopes, agent_id, created_at, expires_at)
VALUES (:name, :prefix, :key_hash, :scopes, :agent_id, :now, :expires_at)
ON CONFLICT (prefix) DO UPDATE SET scopes = excluded.scopes, revoked_at = NULL;

-- name: list_keys
-- Every key, without its secret.
SELECT id, name, prefix, key_hash, scopes, agent_id, expires_at, revoked_at, last_used_at FROM api_keys ORDER BY id;

-- name: revoke_configured_keys!
-- The key that another one replaces in the settings stops working.
UPDATE api_keys SET revoked_at = :now WHERE name = :name AND substr(prefix, 1, 4) = 'cfg_' AND prefix <> :prefix AND revoked_at IS NULL;

-- name: revoke_key!
-- Ends a key.
UPDATE api_keys SET revoked_at = :now WHERE prefix = :prefix AND revoked_at IS NULL;

-- name: mark_key_used!
-- When a key was last used, to the minute.
UPDATE api_keys SET last_used_at = :now WHERE id = :id;

-- name: end_key!
-- A live key goes on until a moment, never beyond its own end.
UPDATE api_keys SET expires_at = :at WHERE prefix = :prefix AND (expires_at IS NULL OR expires_at > :at);
