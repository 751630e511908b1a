import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from chat_bridge.model import Delta, Stream
from chat_bridge.ports import DeltaRow, StreamRow
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class StreamRows:
    sql: Queries

    def add(self, new: StreamRow, *, until: int, boot: str) -> int:
        return int(self.sql.add_stream(lease_until=until, lease_boot=boot, **vars(new))["id"])

    def find(self, session_id: str, response_id: str) -> Stream | None:
        row = self.sql.stream_by_name(session_id=session_id, response_id=response_id)
        return rows.stream(row) if row else None

    def of_session(self, session_id: str) -> list[Stream]:
        return [rows.stream(row) for row in self.sql.streams_of_session(session_id=session_id)]

    def left(self, now: int, boot: str, limit: int) -> list[Stream]:
        return [rows.stream(r) for r in self.sql.streams_left(now=now, boot=boot, limit=limit)]

    def grow(self, new: DeltaRow, *, until: int, boot: str) -> None:
        self.sql.add_delta(**vars(new))
        length = new.start + len(new.delta)
        self._alive(new.stream_id, (new.sequence, length), until=until, boot=boot)

    def touch(self, stream: Stream, *, until: int, boot: str) -> None:
        self._alive(stream.id, (stream.sequence, stream.length), until=until, boot=boot)

    def _alive(self, stream_id: int, size: tuple[int, int], *, until: int, boot: str) -> None:
        sequence, length = size
        self.sql.grow_stream(
            id=stream_id, sequence=sequence, length=length, lease_until=until, lease_boot=boot
        )

    def delta(self, stream_id: int, sequence: int) -> Delta | None:
        return _delta(self.sql.delta_by_sequence(stream_id=stream_id, sequence=sequence))

    def delta_by_key(self, stream_id: int, idempotency_key: str) -> Delta | None:
        row = self.sql.delta_by_key(stream_id=stream_id, idempotency_key=idempotency_key)
        return _delta(row)

    def text(self, stream_id: int) -> str:
        return "".join(row["delta"] for row in self.sql.deltas_of_stream(stream_id=stream_id))

    def deltas(self, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
        found = self.sql.bodies_of_deltas(pairs=rows.to_json(list(pairs)))
        return {(row["stream_id"], row["sequence"]): row["delta"] for row in found}

    def forget(self, stream: Stream) -> None:
        self.sql.forget_delta_events(session_id=stream.session_id, stream_id=stream.id)
        self.sql.forget_stream(id=stream.id)


def _delta(row: sqlite3.Row | None) -> Delta | None:
    return Delta(row["sequence"], row["start"], row["delta"]) if row else None
