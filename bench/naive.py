"""The two designs a bridge is usually first written in, for comparison: the same framework, the
same checks, the same rows and the same answer as ours, but a new SQLite connection for each
request, or for each statement, and the rollback journal SQLite starts with. Both commit durably.

    gunicorn "naive:per_request()"      gunicorn "naive:per_statement()"
"""

import os
import re
import sqlite3
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

DATABASE = os.environ.get("NAIVE_DATABASE", "naive.db")
BUSY_SECONDS = 30
SESSION_ID = re.compile(r"session_\w{1,56}")
SCHEMA = """
CREATE TABLE IF NOT EXISTS web_chat_sessions (
    id INTEGER PRIMARY KEY, session_id TEXT UNIQUE, uid TEXT, last_activity TEXT);
CREATE TABLE IF NOT EXISTS web_chat_messages (
    id INTEGER PRIMARY KEY, session_id TEXT, message TEXT, timestamp TEXT,
    processed INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT, kind TEXT, payload TEXT,
    created_at TEXT);
CREATE INDEX IF NOT EXISTS messages_of_session ON web_chat_messages (session_id);
"""
FIND_SESSION = "SELECT uid FROM web_chat_sessions WHERE session_id = ?"
ADD_SESSION = (
    "INSERT OR IGNORE INTO web_chat_sessions (session_id, uid, last_activity) VALUES (?, ?, ?)"
)
TOUCH_SESSION = "UPDATE web_chat_sessions SET last_activity = ? WHERE session_id = ?"
ADD_MESSAGE = "INSERT INTO web_chat_messages (session_id, message, timestamp) VALUES (?, ?, ?)"
ADD_EVENT = "INSERT INTO events (session_id, kind, payload, created_at) VALUES (?, ?, ?, ?)"

Run = Callable[[str, tuple[Any, ...]], tuple[list[Any], int | None]]


def per_request() -> Flask:
    """One connection and one transaction for a request."""

    def accept(session_id: str, text: str) -> dict[str, Any]:
        with closing(connected()) as connection:
            stored = store(runner(connection), session_id, text)
            connection.commit()
            return stored

    return application(accept)


def per_statement() -> Flask:
    """Each statement opens the database, commits and closes it, as the founding system does."""

    def run(sql: str, values: tuple[Any, ...]) -> tuple[list[Any], int | None]:
        with closing(connected()) as connection:
            done = runner(connection)(sql, values)
            connection.commit()
            return done

    return application(lambda session_id, text: store(run, session_id, text))


def connected() -> sqlite3.Connection:
    return sqlite3.connect(DATABASE, timeout=BUSY_SECONDS)


def runner(connection: sqlite3.Connection) -> Run:
    def run(sql: str, values: tuple[Any, ...]) -> tuple[list[Any], int | None]:
        cursor = connection.execute(sql, values)
        return cursor.fetchall(), cursor.lastrowid

    return run


def store(run: Run, session_id: str, text: str) -> dict[str, Any]:
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    found, _ = run(FIND_SESSION, (session_id,))
    uid = found[0][0] if found else uuid.uuid4().hex[:16]
    if found:
        run(TOUCH_SESSION, (now, session_id))
    else:
        run(ADD_SESSION, (session_id, uid, now))
    _, message_id = run(ADD_MESSAGE, (session_id, text, now))
    run(ADD_EVENT, (session_id, "message.created", f'{{"message_id": {message_id}}}', now))
    return {
        "message_id": message_id, "session_id": session_id, "timestamp": now, "uid": uid,
        "is_new_user": not found,
    }  # fmt: skip


def application(accept: Callable[[str, str], dict[str, Any]]) -> Flask:
    with closing(connected()) as connection:
        connection.executescript(SCHEMA)
    app = Flask(__name__)

    @app.post("/api/v1/")
    def messages() -> ResponseReturnValue:
        body = request.get_json()
        session_id, text = str(body.get("session_id", "")), str(body.get("message", "")).strip()
        if not SESSION_ID.fullmatch(session_id) or not 1 <= len(text) <= 10_000:
            return jsonify(success=False, error="Missing required fields"), 400
        return jsonify(success=True, message="Success", data=accept(session_id, text))

    @app.get("/api/v1/health")
    def health() -> ResponseReturnValue:
        return jsonify(success=True)

    return app
