"""Databases as the founding programs make them (spec: bridge 3, seed 004), with rows of theirs."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def _script(name: str) -> str:
    return (Path(__file__).parent / f"{name}.sql").read_text()


PEOPLE, BESIDE = _script("people"), _script("beside")
SEED = PEOPLE + _script("seed") + _script("seed_rows")
CONTROL = PEOPLE + _script("control") + _script("control_rows")
PYTHON = _script("python") + _script("python_rows")
PHP = _script("php") + _script("php_rows")
VARIANTS = {
    "people alone": PEOPLE,
    "seed, bare": _script("seed_bare"),
    "seed": SEED,
    "control": CONTROL,
    "control, bare": _script("control"),
    "python": PYTHON,
    "control-dev": _script("control_dev"),
    "other tables beside": CONTROL + BESIDE,
    "only other tables": BESIDE,
}
CHATTING = ("seed", "control", "python", "other tables beside")
MESSAGE = "INSERT INTO web_chat_messages (session_id, message{}) VALUES (?, ?{})"
REPLY = "INSERT INTO web_chat_responses (session_id, {}) VALUES (?, ?{})"
SESSION = "INSERT INTO web_chat_sessions (session_id{}) VALUES (?{})"
# How the other program goes on.
SAYS = {
    "seed": MESSAGE.format(", uid", ", 'u'"),
    "control": MESSAGE.format("", ""),
    "python": MESSAGE.format("", ""),
    "other tables beside": MESSAGE.format(", timestamp", ", '2025-08-04 03:17:36'"),
}
ANSWERS = {
    "seed": REPLY.format("response_data", ""),
    "control": REPLY.format("response, message_id", ", 2"),
    "python": REPLY.format("response_data, response_id", ", 'r9'"),
    "other tables beside": REPLY.format("response", ""),
}
OPENS = {
    "seed": SESSION.format("", ""),
    "control": SESSION.format(", uid", ", '00000000000000f0'"),
    "python": SESSION.format(", uid, ip_address", ", '00000000000000f0', '::1'"),
    "other tables beside": SESSION.format(", uid", ", '00000000000000f0'"),
}


def make(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path


def contents(path: Path) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """Every table with its columns and rows."""
    with closing(sqlite3.connect(path)) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
        ]
        found = {}
        for name in names:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {name} ORDER BY rowid")
            found[name] = (columns, rows.fetchall())
        return found


def kept(before: Path | dict[str, Any], path: Path) -> None:
    """Every row of before is there, in its old columns exactly as it was."""
    old = contents(before) if isinstance(before, Path) else before
    with closing(sqlite3.connect(path)) as connection:
        for name, (columns, rows) in old.items():
            now = connection.execute(f"SELECT {', '.join(columns)} FROM {name} ORDER BY rowid")
            assert now.fetchall()[: len(rows)] == rows, name
