-- The whole control schema, readable from top to bottom. A test builds one database from this
-- file and one from the migrations and compares them; change both together.
--
-- Shared with other programs (columns are only ever added, each with a default):
--   users, user_sessions, agents, system_config, web_chat_sessions, web_chat_messages, web_chat_responses
-- Ours: api_keys, events, response_streams, response_deltas, jobs, job_steps, attachments,
--   operation_calls, operation_files, workers, rate_limits, audit_log, session_openings, desk_claims,
--   desk_notes, desk_snoozes, desk_resolutions, desk_looks, desk_tags, desk_views, canned_replies, form_keys, bridge_migrations
-- Times are UTC text, `YYYY-MM-DDTHH:MM:SS.mmmZ`; *_until, *_before are milliseconds since boot,
-- valid together with the boot id beside them.

CREATE TABLE bridge_migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
);

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL UNIQUE,
    email TEXT UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL DEFAULT 'user',
    permissions TEXT NOT NULL DEFAULT '[]',
    is_active INTEGER NOT NULL DEFAULT 1,
    failed_login_attempts INTEGER NOT NULL DEFAULT 0,
    locked_until TEXT,
    last_login TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    must_change_password INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE user_sessions (
    id TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    session_token TEXT NOT NULL UNIQUE,
    expires_at TEXT NOT NULL,
    ip_address TEXT,
    user_agent TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_used_at TEXT
);
CREATE INDEX logins_of_a_user ON user_sessions(user_id);

CREATE TABLE agents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    visible_to_users TEXT,
    visible_to_roles TEXT,
    status TEXT NOT NULL DEFAULT 'active',
    built_in INTEGER NOT NULL DEFAULT 0,
    last_polled_at TEXT,
    polled_until INTEGER NOT NULL DEFAULT 0,
    polled_boot TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE system_config (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    config_key TEXT NOT NULL UNIQUE,
    config_value TEXT NOT NULL,
    description TEXT,
    is_secret INTEGER NOT NULL DEFAULT 0,
    updated_by TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL UNIQUE,
    key_hash TEXT NOT NULL,
    scopes TEXT NOT NULL DEFAULT '',
    agent_id INTEGER REFERENCES agents(id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT,
    last_used_at TEXT
);

CREATE TABLE web_chat_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL UNIQUE,
    chat_id TEXT UNIQUE,
    uid TEXT,
    token_hash TEXT,
    bound INTEGER NOT NULL DEFAULT 0,
    user_id INTEGER REFERENCES users(id) ON DELETE SET NULL,
    agent_id INTEGER REFERENCES agents(id) ON DELETE SET NULL,
    participant_name TEXT,
    title TEXT,
    status TEXT NOT NULL DEFAULT 'active',
    run_status TEXT NOT NULL DEFAULT 'created',
    state TEXT NOT NULL DEFAULT '{}',
    partition_key TEXT NOT NULL DEFAULT '',
    last_stamp INTEGER NOT NULL DEFAULT 0,
    ip_address TEXT,
    user_agent TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_activity TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    is_active INTEGER NOT NULL DEFAULT 1,
    metadata TEXT NOT NULL DEFAULT '{}',
    from_page INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sessions_of_a_browser ON web_chat_sessions(token_hash);
CREATE INDEX sessions_of_a_user ON web_chat_sessions(user_id, last_activity) WHERE user_id IS NOT NULL;
CREATE INDEX sessions_by_activity ON web_chat_sessions(last_activity, id);

CREATE TABLE web_chat_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    message TEXT NOT NULL,
    message_type TEXT NOT NULL DEFAULT 'text',
    client_msg_id TEXT,
    body_hash TEXT,
    timestamp TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    client_timestamp TEXT,
    uid TEXT,
    is_new_user INTEGER NOT NULL DEFAULT 0,
    agent_id INTEGER REFERENCES agents(id) ON DELETE SET NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    attempts INTEGER NOT NULL DEFAULT 0,
    leased_by TEXT,
    lease_until INTEGER NOT NULL DEFAULT 0,
    lease_boot TEXT,
    lease_style TEXT,
    served INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    fence INTEGER NOT NULL DEFAULT 0,
    receipt TEXT,
    attachments TEXT NOT NULL DEFAULT '[]',
    job_id TEXT,
    processed INTEGER NOT NULL DEFAULT 0,
    metadata TEXT NOT NULL DEFAULT '{}',
    stamped_at TEXT,
    discarded TEXT
);
CREATE UNIQUE INDEX messages_by_client_id ON web_chat_messages(session_id, client_msg_id) WHERE client_msg_id IS NOT NULL;
CREATE INDEX messages_of_a_session ON web_chat_messages(session_id, stamped_at);
CREATE INDEX messages_waiting ON web_chat_messages(id) WHERE state = 'pending' AND job_id IS NULL;
CREATE INDEX messages_waiting_for_an_agent ON web_chat_messages(agent_id, id) WHERE state = 'pending' AND job_id IS NULL;
CREATE INDEX messages_delayed ON web_chat_messages(session_id, id) WHERE state = 'pending' AND not_before > 0;
CREATE INDEX messages_leased ON web_chat_messages(session_id, id) WHERE state = 'leased';
CREATE UNIQUE INDEX messages_by_receipt ON web_chat_messages(receipt) WHERE receipt IS NOT NULL;
CREATE INDEX messages_dead ON web_chat_messages(id) WHERE state = 'dead';
CREATE INDEX messages_dead_by_reason ON web_chat_messages(last_error, id) WHERE state = 'dead' AND discarded IS NULL;
CREATE INDEX messages_open ON web_chat_messages(session_id, id) WHERE state IN ('pending', 'leased') AND job_id IS NULL;

CREATE TABLE web_chat_responses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    response_id TEXT UNIQUE,
    response TEXT NOT NULL DEFAULT '',
    response_data TEXT NOT NULL DEFAULT '',
    message_id TEXT,
    kind TEXT NOT NULL DEFAULT 'text',
    status TEXT NOT NULL DEFAULT 'pending',
    timestamp TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    idempotency_key TEXT,
    body_hash TEXT,
    metadata TEXT NOT NULL DEFAULT '{}',
    stamped_at TEXT,
    operator TEXT
);
CREATE UNIQUE INDEX responses_by_idempotency_key ON web_chat_responses(session_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX responses_of_a_session ON web_chat_responses(session_id, stamped_at);

CREATE TABLE response_streams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    response_id TEXT NOT NULL,
    message_id TEXT,
    kind TEXT NOT NULL DEFAULT 'text',
    agent TEXT NOT NULL DEFAULT '',
    length INTEGER NOT NULL DEFAULT 0,
    sequence INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL,
    lease_boot TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (session_id, response_id)
);

CREATE TABLE response_deltas (
    stream_id INTEGER NOT NULL REFERENCES response_streams(id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    start INTEGER NOT NULL,
    delta TEXT NOT NULL,
    idempotency_key TEXT,
    PRIMARY KEY (stream_id, sequence)
);

CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    audience TEXT NOT NULL DEFAULT 'visitor',
    message_id INTEGER,
    response_id INTEGER,
    job_id TEXT,
    payload TEXT NOT NULL DEFAULT '{}',
    created_at TEXT NOT NULL
);
CREATE INDEX events_of_a_session ON events(session_id, seq);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    message_id INTEGER REFERENCES web_chat_messages(id) ON DELETE CASCADE,
    kind TEXT NOT NULL DEFAULT 'command',
    command TEXT NOT NULL DEFAULT '',
    file TEXT,
    status TEXT NOT NULL DEFAULT 'pending',
    attempts INTEGER NOT NULL DEFAULT 0,
    fence INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    lease_until INTEGER NOT NULL DEFAULT 0,
    lease_boot TEXT,
    not_before INTEGER NOT NULL DEFAULT 0,
    progress TEXT NOT NULL DEFAULT '{}',
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    result TEXT NOT NULL DEFAULT '{}',
    error TEXT,
    error_code TEXT,
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    discarded TEXT,
    priority INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_dead_by_reason ON jobs(error, id) WHERE status = 'dead' AND discarded IS NULL;
CREATE INDEX jobs_by_status ON jobs(status, id) WHERE kind = 'command';
CREATE INDEX jobs_pending ON jobs(id) WHERE status = 'pending';
CREATE INDEX jobs_running ON jobs(id) WHERE status = 'running';
CREATE INDEX jobs_of_a_session ON jobs(session_id, id);
CREATE INDEX jobs_open ON jobs(session_id, id) WHERE kind = 'command' AND status IN ('pending', 'running');
CREATE INDEX jobs_of_a_message ON jobs(message_id);

CREATE TABLE job_steps (
    job_id TEXT NOT NULL REFERENCES jobs(job_id) ON DELETE CASCADE,
    step_index INTEGER NOT NULL,
    operation TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    arguments TEXT NOT NULL DEFAULT '{}',
    status TEXT NOT NULL DEFAULT 'pending',
    rows_in INTEGER,
    rows_out INTEGER,
    PRIMARY KEY (job_id, step_index)
);

CREATE TABLE attachments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'upload',
    content_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    row_count INTEGER,
    column_list TEXT,
    preview TEXT,
    error TEXT,
    error_code TEXT,
    job_id TEXT,
    created_at TEXT NOT NULL,
    upload_key TEXT,
    uploaded_by TEXT,
    UNIQUE (session_id, name)
);
CREATE INDEX attachments_by_content ON attachments(sha256);
CREATE INDEX attachments_by_uploader ON attachments(uploaded_by) WHERE uploaded_by IS NOT NULL;
CREATE UNIQUE INDEX attachments_by_upload_key ON attachments(session_id, upload_key) WHERE upload_key IS NOT NULL;
CREATE INDEX attachments_of_a_job ON attachments(job_id) WHERE job_id IS NOT NULL;

CREATE TABLE saved_workflows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    command TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (owner, name)
);

CREATE TABLE operation_calls (
    job_id TEXT PRIMARY KEY REFERENCES jobs(job_id) ON DELETE CASCADE,
    caller TEXT NOT NULL,
    idempotency_key TEXT,
    body_hash TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE UNIQUE INDEX operation_calls_by_key ON operation_calls(caller, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX operation_calls_of_a_caller ON operation_calls(caller);

CREATE TABLE operation_files (
    name TEXT PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs(job_id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    shown_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX operation_files_of_a_job ON operation_files(job_id);
CREATE INDEX operation_files_by_content ON operation_files(sha256);

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

CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    value_before TEXT,
    value_after TEXT,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TRIGGER audit_log_keeps_entries BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

CREATE TRIGGER audit_log_keeps_values BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

CREATE TABLE session_openings (
    open_key TEXT PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    salt TEXT NOT NULL,
    body_hash TEXT NOT NULL
);

CREATE TABLE desk_claims (
    session_id TEXT PRIMARY KEY REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    username TEXT NOT NULL,
    claimed_at TEXT NOT NULL,
    active_until INTEGER NOT NULL,
    boot TEXT NOT NULL
);
CREATE INDEX desk_claims_of_a_person ON desk_claims(person_id);

CREATE TABLE desk_notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    username TEXT NOT NULL,
    note TEXT NOT NULL,
    timestamp TEXT NOT NULL
);
CREATE INDEX desk_notes_of_a_session ON desk_notes(session_id, timestamp);

CREATE TABLE canned_replies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    shortcut TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL
);

CREATE TABLE desk_snoozes (
    session_id TEXT PRIMARY KEY REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    username TEXT NOT NULL,
    wakes_at TEXT NOT NULL,
    active_until INTEGER NOT NULL,
    boot TEXT NOT NULL,
    last_id INTEGER NOT NULL
);
CREATE TABLE desk_resolutions (
    session_id TEXT PRIMARY KEY REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    username TEXT NOT NULL,
    resolved_at TEXT NOT NULL,
    message_ids TEXT NOT NULL,
    last_id INTEGER NOT NULL
);
CREATE TABLE desk_looks (
    person_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    note_id INTEGER NOT NULL,
    PRIMARY KEY (person_id, session_id)
);
CREATE INDEX desk_looks_at_a_session ON desk_looks(session_id);
CREATE TABLE desk_tags (
    session_id TEXT NOT NULL REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    username TEXT NOT NULL,
    tagged_at TEXT NOT NULL,
    PRIMARY KEY (session_id, tag)
);
CREATE INDEX desk_tags_by_name ON desk_tags(tag);
CREATE TABLE desk_views (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    UNIQUE (person_id, name)
);

CREATE TABLE pinned_sessions (
    session_id TEXT PRIMARY KEY REFERENCES web_chat_sessions(session_id) ON DELETE CASCADE
);

CREATE TABLE form_keys (
    form_key TEXT PRIMARY KEY,
    answer TEXT,
    created_at TEXT NOT NULL
);
CREATE INDEX form_keys_by_age ON form_keys(created_at);

CREATE TABLE workers (
    name TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    alive_until INTEGER NOT NULL,
    boot TEXT NOT NULL,
    started_at TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'worker'
);

-- What another program inserts or marks in the shared tables.
CREATE TRIGGER agents_of_others AFTER INSERT ON agents WHEN NEW.slug IS NULL BEGIN
    UPDATE agents SET slug = 'agent-' || NEW.id WHERE id = NEW.id;
END;

CREATE TRIGGER sessions_of_others AFTER INSERT ON web_chat_sessions WHEN NEW.chat_id IS NULL BEGIN
    UPDATE web_chat_sessions SET
        chat_id = lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
            || substr('89ab', 1 + abs(random() % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
        uid = COALESCE(uid, lower(hex(randomblob(8)))),
        created_at = COALESCE(created_at, CURRENT_TIMESTAMP),
        updated_at = COALESCE(updated_at, CURRENT_TIMESTAMP),
        last_activity = COALESCE(last_activity, CURRENT_TIMESTAMP)
    WHERE id = NEW.id;
END;

-- A time within the last minute is brought in line with the session's stamps; an older one is history.
CREATE TRIGGER messages_of_others AFTER INSERT ON web_chat_messages WHEN NEW.stamped_at IS NULL BEGIN
    INSERT INTO web_chat_sessions (session_id, uid) SELECT NEW.session_id, lower(hex(randomblob(8)))
    WHERE NOT EXISTS (SELECT 1 FROM web_chat_sessions WHERE session_id = NEW.session_id);
    UPDATE web_chat_sessions SET status = 'active', is_active = 1, last_activity = CURRENT_TIMESTAMP,
        last_stamp = CASE WHEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) < last_stamp - 60000
            THEN last_stamp ELSE MAX(last_stamp + 1, MIN(CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER),
            COALESCE(CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER), CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)))) END
    WHERE session_id = NEW.session_id;
    UPDATE web_chat_messages SET
        stamped_at = (SELECT strftime('%Y-%m-%dT%H:%M:%S', stamp / 1000, 'unixepoch') || printf('.%03dZ', stamp % 1000)
            FROM (SELECT CASE WHEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) < last_stamp - 60000
                THEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) ELSE last_stamp END AS stamp
                FROM web_chat_sessions WHERE session_id = NEW.session_id)),
        timestamp = COALESCE(timestamp, CURRENT_TIMESTAMP),
        uid = COALESCE(uid, (SELECT uid FROM web_chat_sessions WHERE session_id = NEW.session_id)),
        state = CASE WHEN NEW.processed THEN 'done' ELSE state END
    WHERE id = NEW.id;
    INSERT INTO events (session_id, kind, audience, message_id, payload, created_at)
    VALUES (NEW.session_id, 'message.created', 'visitor', NEW.id, '{"agent":"default"}',
        strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
END;

CREATE TRIGGER messages_done_by_others AFTER UPDATE OF processed ON web_chat_messages
WHEN NEW.processed AND NEW.state IN ('pending', 'leased') BEGIN
    UPDATE web_chat_messages SET state = 'done' WHERE id = NEW.id;
    INSERT INTO events (session_id, kind, audience, message_id, payload, created_at)
    VALUES (NEW.session_id, 'message.acked', 'visitor', NEW.id, '{"message_id":' || NEW.id || '}',
        strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
END;

CREATE TRIGGER messages_reopened_by_others AFTER UPDATE OF processed ON web_chat_messages
WHEN NOT NEW.processed AND OLD.processed AND NEW.state = 'done' BEGIN
    UPDATE web_chat_messages SET state = 'pending', attempts = 0, leased_by = NULL, receipt = NULL WHERE id = NEW.id;
END;

CREATE TRIGGER responses_of_others AFTER INSERT ON web_chat_responses WHEN NEW.stamped_at IS NULL BEGIN
    INSERT INTO web_chat_sessions (session_id, uid) SELECT NEW.session_id, lower(hex(randomblob(8)))
    WHERE NOT EXISTS (SELECT 1 FROM web_chat_sessions WHERE session_id = NEW.session_id);
    UPDATE web_chat_sessions SET last_activity = CURRENT_TIMESTAMP,
        last_stamp = CASE WHEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) < last_stamp - 60000
            THEN last_stamp ELSE MAX(last_stamp + 1, MIN(CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER),
            COALESCE(CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER), CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)))) END
    WHERE session_id = NEW.session_id;
    UPDATE web_chat_responses SET
        stamped_at = (SELECT strftime('%Y-%m-%dT%H:%M:%S', stamp / 1000, 'unixepoch') || printf('.%03dZ', stamp % 1000)
            FROM (SELECT CASE WHEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) < last_stamp - 60000
                THEN CAST(ROUND((julianday(CASE WHEN NEW.timestamp GLOB '2[0-9][0-9][0-9]-*' THEN NEW.timestamp END) - 2440587.5) * 86400000) AS INTEGER) ELSE last_stamp END AS stamp
                FROM web_chat_sessions WHERE session_id = NEW.session_id)),
        timestamp = COALESCE(timestamp, CURRENT_TIMESTAMP),
        response = CASE WHEN COALESCE(response, '') = '' THEN COALESCE(response_data, '') ELSE response END,
        response_data = CASE WHEN COALESCE(response_data, '') = '' THEN COALESCE(response, '') ELSE response_data END
    WHERE id = NEW.id;
    INSERT INTO events (session_id, kind, audience, response_id, payload, created_at)
    VALUES (NEW.session_id, 'response.created', 'visitor', NEW.id, '{}', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
END;

INSERT INTO agents (slug, name, description, built_in) VALUES ('sheets', 'Sheets', 'Cleans, searches and converts spreadsheets', 1);
INSERT INTO agents (slug, name, description, built_in) VALUES ('default', 'Assistant', 'Answers your questions', 0);
