"""Reads the database of the PHP bridge, whose session's key is its name (spec: bridge 3.1)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chat_bridge.errors import ForeignDatabase
from chat_bridge.model import OldLine, OldSession
from chat_bridge.store import catalogue
from chat_bridge.store.rows import words

NEEDED = {
    "web_chat_sessions": {"id"},
    "web_chat_messages": {"id", "session_id", "message"},
    "web_chat_responses": {"id", "session_id", "response"},
}
# What it replaced before it stored a text, in the order that undoes it.
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#039;", "'"), ("&amp;", "&"))


@dataclass(frozen=True)
class PhpFile:
    path: Path

    def check(self) -> None:
        """Refuses a file of another layout in a sentence."""
        with self._open() as connection:
            found = catalogue.read(connection)
        for table, columns in NEEDED.items():
            theirs = found.tables.get(table)
            missing = columns - (theirs.columns.keys() if theirs else set())
            if missing:
                reason = f"it has no {table} with {', '.join(sorted(missing))}"
                raise ForeignDatabase(path=str(self.path), reason=reason)
        if found.tables["web_chat_sessions"].numbered:
            reason = "it has not the layout of the PHP bridge; name it as `database` to adopt it"
            raise ForeignDatabase(path=str(self.path), reason=reason)

    def sessions(self) -> Iterator[OldSession]:
        """Those of the table, and those that only messages and replies still name."""
        with self._open() as connection:
            for row in connection.execute("SELECT * FROM web_chat_sessions ORDER BY rowid"):
                yield _session(dict(row))
            gone = connection.execute(
                "SELECT session_id FROM web_chat_messages UNION"
                " SELECT session_id FROM web_chat_responses EXCEPT SELECT id FROM web_chat_sessions"
            )
            for row in gone:
                yield OldSession(words(row[0]), None, None, None, None, None)

    def lines(self, session_id: str) -> Iterator[OldLine]:
        with self._open() as connection:
            for table in ("web_chat_messages", "web_chat_responses"):
                found = connection.execute(
                    f"SELECT * FROM {table} WHERE session_id = ? ORDER BY id", (session_id,)
                )
                for row in found:
                    yield _line(dict(row))

    def _open(self) -> "closing[sqlite3.Connection]":
        uri = f"{self.path.resolve().as_uri()}?mode=ro"
        try:
            connection = sqlite3.connect(uri, uri=True)
            connection.row_factory = sqlite3.Row
            # PHP stored whatever bytes it was sent, and cut texts within a character.
            connection.text_factory = words
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError as error:
            raise ForeignDatabase(
                path=str(self.path), reason=f"cannot be read ({error})"
            ) from error
        return closing(connection)


def _session(row: dict[str, Any]) -> OldSession:
    return OldSession(
        session_id=words(row["id"]),
        uid=words(row.get("uid")) or None,
        created_at=words(row.get("created_at")),
        last_active=words(row.get("last_active")),
        ip_address=words(row.get("ip_address")) or None,
        metadata=words(row.get("metadata")),
    )


def _line(row: dict[str, Any]) -> OldLine:
    message = "message" in row
    answers = None if message else row.get("message_id")
    return OldLine(
        side="message" if message else "response",
        id=row["id"],
        session_id=words(row["session_id"]),
        text=_decoded(words(row["message"] if message else row["response"])),
        timestamp=words(row.get("timestamp")),
        done=bool(row.get("processed")),
        answers=words(answers) or None,
    )


def _decoded(text: str) -> str:
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return text
