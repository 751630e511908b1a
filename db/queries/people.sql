-- name: find_user^
-- One person.
SELECT id, username, email, role, permissions, is_active, must_change_password, failed_login_attempts, last_login,
    created_at, updated_at
FROM users WHERE id = :id;

-- name: user_by_name^
-- Whoever a typed name means; names that differ in case only are other programs' doing.
SELECT id, username, email, role, permissions, is_active, must_change_password, failed_login_attempts, last_login,
    created_at, updated_at, password_hash
FROM users WHERE lower(username) = lower(:username) ORDER BY username = :username DESC, id LIMIT 1;

-- name: user_by_email^
-- Whether an address is taken.
SELECT id FROM users WHERE lower(email) = lower(:email) LIMIT 1;

-- name: password_of_user^
-- The hash that a person's password is checked against.
SELECT password_hash FROM users WHERE id = :id;

-- name: list_users
-- People in the order in which they came; everybody without filters.
SELECT id, username, email, role, permissions, is_active, must_change_password, failed_login_attempts, last_login,
    created_at, updated_at
FROM users
WHERE id > :after
    AND (:role IS NULL OR role = :role)
    AND (:active IS NULL OR is_active = :active)
    AND (:search IS NULL OR instr(lower(username), lower(:search)) OR instr(lower(COALESCE(email, '')), lower(:search)))
ORDER BY id LIMIT :limit;

-- name: add_user^
-- A new person. Another program's table has no defaults, so every column is named.
INSERT INTO users (username, email, password_hash, role, permissions, is_active, failed_login_attempts,
    must_change_password, created_at, updated_at)
VALUES (:username, :email, :password_hash, :role, :permissions, 1, 0, :must_change, :now, :now) RETURNING id;

-- name: change_user!
-- Saves a person, unless somebody else has since they were read.
UPDATE users SET username = :username, email = :email, role = :role, permissions = :permissions, is_active = :is_active,
    updated_at = :now
WHERE id = :id AND COALESCE(updated_at, '') = :seen;

-- name: set_password!
-- A new password; the old failures are forgotten.
UPDATE users SET password_hash = :password_hash, must_change_password = :must_change, failed_login_attempts = 0,
    locked_until = NULL, updated_at = :now
WHERE id = :id;

-- name: rehash_password!
-- The same password under today's parameters.
UPDATE users SET password_hash = :password_hash WHERE id = :id;

-- name: mark_sign_in!
-- Somebody is in.
UPDATE users SET last_login = :now, failed_login_attempts = 0, locked_until = NULL WHERE id = :id;

-- name: mark_failed_sign_in!
-- For whoever looks at the list of people; the lock itself counts names, known or not.
UPDATE users SET failed_login_attempts = COALESCE(failed_login_attempts, 0) + 1 WHERE id = :id;

-- name: forget_failed_sign_ins!
-- An administrator has looked after it.
UPDATE users SET failed_login_attempts = 0, locked_until = NULL WHERE id = :id;

-- name: count_other_admins^
-- Whether somebody else could still administer.
SELECT COUNT(*) FROM users WHERE role = 'admin' AND is_active = 1 AND id <> :id;

-- name: any_bcrypt_hash^
-- Whether passwords of another program are kept here.
SELECT EXISTS (SELECT 1 FROM users WHERE substr(password_hash, 1, 2) = '$2');

-- name: email_is_needed^
-- Whether another program's table is in use, where everybody has an address.
SELECT "notnull" FROM pragma_table_info('users') WHERE name = 'email';
