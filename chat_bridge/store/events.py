import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from chat_bridge.events import AUDIENCE
from chat_bridge.model import Message, Response
from chat_bridge.ports import EventRow, NewEvent
from chat_bridge.store import rows
from chat_bridge.store.connection import Database
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class EventRows:
    sql: Queries
    database: Database

    def add(self, new: NewEvent) -> None:
        values = vars(new) | {"payload": rows.to_json(new.payload)}
        now = values.pop("created_at")
        self.sql.add_event(now=now, audience=AUDIENCE[new.kind], **values)
        self.database.announce()

    def after(
        self, cursor: int, limit: int, session_id: str | None = None, *, operator: bool = False
    ) -> list[EventRow]:
        wanted = {"cursor": cursor, "limit": limit, "operator": int(operator)}
        if session_id is None:
            found = self.sql.events_after(**wanted)
        else:
            found = self.sql.events_of_session_after(session_id=session_id, **wanted)
        return [_event(row) for row in found]

    def until(self, session_id: str, before: str | None, limit: int) -> list[EventRow]:
        found = self.sql.events_of_session_until(session_id=session_id, before=before, limit=limit)
        return [_event(row) for row in found]

    def newest(self) -> int:
        return int(self.sql.newest_event()[0])

    def sizes(self, numbers: Iterable[int]) -> dict[int, int]:
        found = self.sql.sizes_of_events(numbers=rows.to_json(list(numbers)))
        return {row["seq"]: row["size"] for row in found}

    def pruned_to(self) -> int:
        row = self.sql.oldest_kept()
        return int(row[0]) if row else 0

    def messages(self, ids: Iterable[int]) -> dict[int, Message]:
        found = self.sql.bodies_of_messages(ids=rows.to_json(list(ids)))
        return {row["id"]: rows.message(row) for row in found}

    def responses(self, ids: Iterable[int]) -> dict[int, Response]:
        found = self.sql.bodies_of_responses(ids=rows.to_json(list(ids)))
        return {row["id"]: rows.response(row) for row in found}

    def last_before(self, moment: str) -> int | None:
        newest: int | None = self.sql.last_event_before(before=moment)[0]
        return newest

    def prune(self, last: int, limit: int) -> int:
        return int(self.sql.prune_events(last=last, limit=limit))

    def prune_progress(self, job_id: str) -> None:
        self.sql.prune_progress(job_id=job_id)


def _event(row: sqlite3.Row) -> EventRow:
    return EventRow(**dict(row) | {"payload": rows.mapping(row["payload"])})
