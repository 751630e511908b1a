import sqlite3
from dataclasses import dataclass

from chat_bridge.model import CannedReply
from chat_bridge.ports import CannedFilter
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class CannedRows:
    sql: Queries

    def page(self, wanted: CannedFilter) -> list[CannedReply]:
        values = vars(wanted) | {"removed": int(wanted.removed)}
        return [_reply(row) for row in self.sql.canned_replies(**values)]

    def find(self, number: int) -> CannedReply | None:
        row = self.sql.canned_reply(id=number)
        return _reply(row) if row else None

    def count(self) -> int:
        return int(self.sql.count_canned_replies()[0])

    def add(self, shortcut: str, body: str, *, now: str, by: str) -> int | None:
        """None where the shortcut is taken."""
        row = self.sql.add_canned_reply(shortcut=shortcut, body=body, now=now, by=by)
        return int(row[0]) if row else None

    def change(self, number: int, body: str, *, removed: bool, now: str, by: str) -> None:
        self.sql.change_canned_reply(id=number, body=body, removed=int(removed), now=now, by=by)


def _reply(row: sqlite3.Row) -> CannedReply:
    return CannedReply(**dict(row) | {"removed": bool(row["removed"])})
