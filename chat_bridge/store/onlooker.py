"""A database that is only looked at: nothing is written, and no other file appears beside it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chat_bridge.store.attachments import AttachmentRows
from chat_bridge.store.queries import Queries
from chat_bridge.store.settings import SettingRows


class Onlooker:
    """What an older database, or another program's, does not hold is for the caller to know."""

    def __init__(self, connection: sqlite3.Connection, queries: Path) -> None:
        self.connection = connection
        self.sql = Queries(queries, self)

    def judge(self, error: sqlite3.DatabaseError) -> None:
        """Whoever only looks passes every error on as it is."""

    def schema_version(self) -> int | None:
        version: int | None = self.sql.schema_version()[0]
        return version

    def newest_moment(self) -> str | None:
        row = self.sql.newest_moment()
        return row[0] if row else None

    def setting(self, key: str) -> str | None:
        return SettingRows(self.sql).get(key)

    def first_administrators(self, most: int) -> list[tuple[str, str]]:
        """Their names and the hashes of their passwords."""
        return [(row[0], row[1]) for row in self.sql.first_administrators(most=most)]

    def room(self) -> tuple[int, int]:
        return AttachmentRows(self.sql).room_of_all()


@contextmanager
def looking_at(path: Path, queries: Path) -> Iterator[Onlooker]:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield Onlooker(connection, queries)
    finally:
        connection.close()
