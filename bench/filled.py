"""A database of a year: conversations, jobs, files, people and what they did, made by bulk SQL in
a few seconds. `python -m bench.pages` measures the console over it."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

SESSIONS, MESSAGES, EVENTS = 10_000, 100_000, 100_000
JOBS, FILES, ENTRIES, PEOPLE, KEYS, AGENTS = 50_000, 20_000, 50_000, 2_000, 500, 40
LOG_LINES = 40_000
DEAD_FROM = 60_000
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)"
STAMP = "strftime('%Y-%m-%dT%H:%M:%S.000Z', 'now', '-' || ((:count - i) * 2) || ' seconds')"
WAITS = "i % 5 = 2 AND i >= 90000"
DIED = f"i % 50 = 7 AND i >= {DEAD_FROM}"
FILL = (
    (
        SESSIONS,
        f"""{NUMBERS}
        INSERT INTO web_chat_sessions (session_id, chat_id, uid, title, created_at, last_activity,
            status)
        SELECT printf('session_%05d', i), printf('00000000-0000-4000-8000-%012d', i),
            printf('%016x', i), 'Question number ' || i, {STAMP}, {STAMP},
            CASE i % 5 WHEN 0 THEN 'expired' ELSE 'active' END FROM n""",
    ),
    (
        MESSAGES,
        f"""{NUMBERS}
        INSERT INTO web_chat_messages (session_id, message, timestamp, stamped_at, uid, state,
            processed, last_error)
        SELECT printf('session_%05d', i % {SESSIONS}), 'Where is it? ' || hex(randomblob(40)),
            {STAMP}, {STAMP}, 'u',
            CASE WHEN {WAITS} THEN 'pending' WHEN {DIED} THEN 'dead' ELSE 'done' END,
            NOT ({WAITS}), CASE WHEN {DIED} THEN 'Reason number ' || (i % 7) END
        FROM n""",
    ),
    (
        MESSAGES,
        f"""{NUMBERS}
        INSERT INTO web_chat_responses (session_id, response_id, response, response_data,
            message_id, kind, timestamp, stamped_at)
        SELECT printf('session_%05d', i % {SESSIONS}), 'r' || i, 'It **leaves** today.', '', i,
            'text', {STAMP}, {STAMP} FROM n""",
    ),
    (
        EVENTS,
        """INSERT INTO events (session_id, kind, audience, message_id, payload, created_at)
        SELECT session_id, 'message.leased', 'visitor', id, '{"agent":"default"}', stamped_at
        FROM web_chat_messages WHERE :count""",
    ),
    (
        JOBS,
        f"""{NUMBERS}
        INSERT INTO jobs (job_id, session_id, command, status, attempts, error, error_code,
            created_at, started_at, finished_at)
        SELECT printf('job_%06d', i), printf('session_%05d', i % {SESSIONS}),
            '/search city=Berlin amount>' || i,
            CASE i % 100 WHEN 3 THEN 'failed' WHEN 4 THEN 'dead' WHEN 5 THEN 'cancelled'
                ELSE 'completed' END, 1,
            CASE i % 100 WHEN 3 THEN 'There is no column ''town''.' WHEN 4 THEN 'Worker gone' END,
            CASE i % 100 WHEN 3 THEN 'unknown_column' WHEN 4 THEN 'job_failed' END,
            {STAMP}, {STAMP}, {STAMP} FROM n""",
    ),
    (
        JOBS,
        """INSERT INTO job_steps (job_id, step_index, operation, title, arguments, status, rows_in,
            rows_out)
        SELECT job_id, 0, 'search', 'Search', '{}', 'completed', 1000, 10 FROM jobs WHERE :count""",
    ),
    (
        FILES,
        f"""{NUMBERS}
        INSERT INTO attachments (session_id, name, kind, content_type, sha256, size, row_count,
            created_at)
        SELECT printf('session_%05d', i % {SESSIONS}), 'customers-' || i || '.csv',
            CASE i % 2 WHEN 0 THEN 'upload' ELSE 'output' END, 'text/csv', hex(randomblob(32)),
            i * 100, i, {STAMP} FROM n""",
    ),
    (
        PEOPLE,
        f"""{NUMBERS}
        INSERT INTO users (username, email, password_hash, role, created_at, updated_at)
        SELECT 'person' || i, 'person' || i || '@bridge.example', 'none',
            CASE i % 9 WHEN 0 THEN 'operator' ELSE 'user' END, {STAMP}, {STAMP} FROM n""",
    ),
    (
        SESSIONS,
        f"""{NUMBERS} INSERT INTO desk_tags (session_id, tag, username, tagged_at)
        SELECT printf('session_%05d', i), 'tag ' || (i % 37), 'person1', {STAMP} FROM n""",
    ),
    (
        SESSIONS,
        f"""{NUMBERS} INSERT INTO desk_looks (person_id, session_id, message_id, note_id)
        SELECT u.id, printf('session_%05d', i), 90000 + i % 9999, 0 FROM n
        JOIN users u ON u.username = 'person1'""",
    ),
    (
        AGENTS,
        f"""{NUMBERS} INSERT INTO agents (slug, name, description)
        SELECT 'agent-' || i, 'Agent ' || i, 'Answers what nobody else does' FROM n""",
    ),
    (
        KEYS,
        f"""{NUMBERS}
        INSERT INTO api_keys (name, prefix, key_hash, scopes, created_at, revoked_at)
        SELECT 'Key ' || i, printf('sk_%08d', i), hex(randomblob(32)), 'inbox outbox', {STAMP},
            CASE i % 3 WHEN 0 THEN {STAMP} END FROM n""",
    ),
)
AUDIT = (
    "INSERT INTO audit_log (created_at, actor, action, subject, value_before, value_after,"
    " previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


def fill(data_dir: Path) -> None:
    connection = sqlite3.connect(data_dir / "bridge.db", isolation_level=None, timeout=30)
    connection.execute("BEGIN IMMEDIATE")
    for count, statement in FILL:
        connection.execute(statement, {"count": count})
    last = connection.execute("SELECT hash FROM audit_log ORDER BY id DESC LIMIT 1").fetchone()
    connection.executemany(AUDIT, chain(last[0] if last else "0" * 64))
    connection.execute("COMMIT")
    connection.close()
    write_log(data_dir / "logs" / "web.log")


def chain(previous: str) -> Iterator[tuple[str | None, ...]]:
    """Entries that hold on to one another as ours do."""
    for number in range(ENTRIES):
        told = ["2026-01-01T00:00:00.000Z", f"user:person{number % 40}", "conversation.reply",
                f"session_{number % SESSIONS:05}", "1 waiting", f"answer {number}"]  # fmt: skip
        found = hashlib.sha256(json.dumps([previous, *told]).encode()).hexdigest()
        yield (*told, previous, found)
        previous = found


def write_log(path: Path) -> None:
    with path.open("a") as log:
        for number in range(LOG_LINES):
            entry = {
                "time": "2026-01-01T00:00:00.000Z",
                "level": "info",
                "logger": "bench",
                "message": f"GET /api/v1/ 200 {number} ms",
                "request_id": f"req-{number:08}",
            }
            log.write(json.dumps(entry) + "\n")
