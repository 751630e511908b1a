-- name: get_setting^
-- One value of the shared settings table.
SELECT config_value FROM system_config WHERE config_key = :key;

-- name: put_setting!
-- Keeps a value; its description and its id stay. Times as the programs that share the table read them.
INSERT INTO system_config (config_key, config_value, description, is_secret, created_at, updated_at)
VALUES (:key, :value, :description, :is_secret, substr(replace(:now, 'T', ' '), 1, 19), substr(replace(:now, 'T', ' '), 1, 19))
ON CONFLICT (config_key) DO UPDATE SET config_value = excluded.config_value, updated_at = excluded.updated_at;

-- name: remove_setting!
-- Takes a row out that was put in by mistake.
DELETE FROM system_config WHERE config_key = :key;

-- name: count_users^
-- Whether somebody can sign in yet.
SELECT COUNT(*) FROM users WHERE is_active = 1;

-- name: list_settings
-- The shared settings table, for whoever administers it.
SELECT config_key, config_value, is_secret, description, updated_at FROM system_config ORDER BY config_key;
