CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, username VARCHAR(50) NOT NULL UNIQUE,
    email VARCHAR(100) NOT NULL UNIQUE, password_hash VARCHAR(255) NOT NULL, role VARCHAR(20), permissions TEXT,
    is_active BOOLEAN, failed_login_attempts INTEGER, last_login DATETIME, created_at DATETIME, updated_at DATETIME);
CREATE TABLE user_sessions (id VARCHAR(100) NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL,
    session_token VARCHAR(255) NOT NULL UNIQUE, expires_at DATETIME NOT NULL, ip_address VARCHAR(45), user_agent TEXT,
    created_at DATETIME, FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE agents (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL, letta_uid VARCHAR(100) NOT NULL UNIQUE,
    description TEXT, status VARCHAR(50), created_by INTEGER, config TEXT, is_active BOOLEAN, visible_to_users TEXT,
    visible_to_roles TEXT, created_at DATETIME, updated_at DATETIME);
CREATE TABLE system_config (id INTEGER NOT NULL PRIMARY KEY, config_key VARCHAR(100) NOT NULL UNIQUE,
    config_value TEXT NOT NULL, description TEXT, created_at DATETIME, updated_at DATETIME);
CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, applied_at DATETIME, description TEXT);
INSERT INTO users VALUES (1, 'admin', 'admin@sanctum.local',
    '$2b$12$abcdefghijklmnopqrstuuKzUq8sWm8q0Qm9J7l7kVvHq0bq2J5y6', 'admin', '["*"]', 1, 0, NULL,
    '2025-08-04 03:17:33.123456', '2025-08-04 03:17:33.123456'),
    (2, 'mary', 'mary@example.org', '$2b$12$x', 'viewer', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO user_sessions VALUES ('abc', 1, 'tok', '2025-08-05 03:17:33.000000', '::1', 'Firefox', '2025-08-04 03:17:33.0');
INSERT INTO agents VALUES (1, 'Athena', 'agent-uid-1', 'Everybody''s', 'Healthy', 1, '{}', 1, NULL, '', NULL, NULL),
    (2, 'Monday', 'agent-uid-2', NULL, 'active', 1, NULL, 1, '[1]', '["admin"]', '2025-08-04 03:17:33.000000', NULL);
INSERT INTO system_config VALUES
    (1, 'api_key', 'an-agent-key-of-theirs', 'Key of the agent', '2025-08-04 03:17:33.000000', '2025-08-04 03:17:33.000000'),
    (2, 'admin_key', 'FreeUkra1ne', 'Key of the administrator', NULL, NULL),
    (5, 'openai_api_key', 'sk-secret', 'OpenAI', NULL, NULL), (9, 'session_timeout', '1800', 'Seconds', NULL, NULL);
INSERT INTO schema_version VALUES (1, '2025-08-04 03:17:33.000000', 'Initial schema');
