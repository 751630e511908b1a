"""A database that is only looked at: nothing is written, and no other file appears beside it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chat_bridge.store.attachments import AttachmentRows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class Onlooker:
    """Of the newest schema; what older ones lack it does not find."""

    connection: sqlite3.Connection

    def judge(self, error: sqlite3.DatabaseError) -> None:
        """Whoever only looks passes every error on as it is."""

    def room(self, queries: Path) -> tuple[int, int]:
        return AttachmentRows(Queries(queries, self)).room_of_all()


@contextmanager
def looking_at(path: Path) -> Iterator[Onlooker]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield Onlooker(connection)
    finally:
        connection.close()
