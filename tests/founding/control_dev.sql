CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, username VARCHAR(50) NOT NULL UNIQUE,
    email VARCHAR(100) NOT NULL UNIQUE, password_hash VARCHAR(255) NOT NULL, role VARCHAR(20) NOT NULL, permissions JSON NOT NULL,
    is_active BOOLEAN NOT NULL, failed_login_attempts INTEGER NOT NULL, locked_until DATETIME, last_login DATETIME,
    created_at DATETIME, updated_at DATETIME);
CREATE TABLE user_sessions (id VARCHAR(100) NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL,
    session_token VARCHAR(255) NOT NULL, expires_at DATETIME NOT NULL, ip_address VARCHAR(45), user_agent TEXT,
    created_at DATETIME, FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE agents (id VARCHAR(50) NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL, letta_uid VARCHAR(100) NOT NULL UNIQUE,
    description TEXT, status VARCHAR(50), created_by INTEGER, config JSON, is_active BOOLEAN, visible_to_users JSON,
    visible_to_roles JSON, created_at DATETIME, updated_at DATETIME);
CREATE INDEX ix_users_username ON users (username);
INSERT INTO users VALUES (1, 'admin', 'admin@sanctum.local',
    '$2b$12$abcdefghijklmnopqrstuuKzUq8sWm8q0Qm9J7l7kVvHq0bq2J5y6', 'admin', '["*"]', 1, 0, NULL, NULL,
    '2025-08-04 03:17:33.123456', '2025-08-04 03:17:33.123456');
INSERT INTO agents VALUES ('iris', 'Iris', 'agent-uid-9', 'Sees far', 'active', 1, '{}', 1, '[]', '[]', NULL, NULL),
    ('monday', 'Monday', 'agent-uid-2', NULL, 'Healthy', 1, NULL, 1, '[]', '["admin"]', '2025-08-04 03:17:33.000000', NULL),
    ('default', 'Taken', 'agent-uid-3', NULL, NULL, 1, NULL, 0, 'null', NULL, NULL, NULL);
