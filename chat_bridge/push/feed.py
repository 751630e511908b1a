"""What the push layer reads, and one event on its way to many connections."""

import json
import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from chat_bridge.model import Event
from chat_bridge.ports import EventRow

EVERYTHING = "*"
TRUNCATE = 16 * 1024
TEXT, CLOSE, PING, PONG = 0x81, 0x88, 0x89, 0x8A

Encode = Callable[[Event], bytes]


class Feed(Protocol):
    """The numbered events. `heads` are bare rows, `load` joins in bodies and leaves out those
    whose body was erased since."""

    def newest(self) -> int: ...
    def cursor(self, text: str | None) -> int:
        """A cursor as given, absent = from now on; raises InvalidField."""
        ...

    def begin(self, text: str | None, session_id: str | None) -> int:
        """The same, refused with CursorExpired where nobody can go on from it."""
        ...

    def heads(
        self, cursor: int, limit: int, session_id: str | None = None, *, operator: bool = False
    ) -> Sequence[EventRow]: ...
    def load(self, rows: Sequence[EventRow]) -> Sequence[Event]: ...


class Readers(Protocol):
    """Told on the hub's thread, so it never waits."""

    def here(self, session_id: str) -> None: ...
    def fetched(self, responses: Iterable[int]) -> None: ...


def frame(opcode: int, payload: bytes) -> bytes:
    """A whole server frame: never masked, so one serves every socket."""
    size = len(payload)
    if size < 126:
        return bytes((opcode, size)) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", opcode, 126, size) + payload
    return struct.pack("!BBQ", opcode, 127, size) + payload


def text_frame(value: dict[str, Any]) -> bytes:
    return frame(TEXT, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def close_frame(code: int, reason: str = "") -> bytes:
    return frame(CLOSE, struct.pack("!H", code) + reason.encode()[:120])


class Push:
    """Encoded once, framed once for each kind of connection that wants it. `seq` is None for what
    is never stored (typing)."""

    __slots__ = (
        "_chunk", "_frame", "answer_id", "body", "kind", "operator", "seq", "session_id", "staff",
    )  # fmt: skip

    def __init__(self, event: Event, body: bytes) -> None:
        self.seq: int | None = event.seq or None
        self.session_id = event.session_id
        self.kind = event.kind
        self.staff = event.audience != "visitor"
        self.operator = event.audience == "operator"
        self.answer_id = event.answer_id
        self.body = body
        self._frame: bytes | None = None
        self._chunk: bytes | None = None

    @property
    def frame(self) -> bytes:
        if self._frame is None:
            self._frame = frame(TEXT, self.body) if len(self.body) <= TRUNCATE else self._short()
        return self._frame

    @property
    def chunk(self) -> bytes:
        """As a server-sent event."""
        if self._chunk is None:
            number = b"" if self.seq is None else b"id: %d\n" % self.seq
            data = b"\ndata: ".join(self.body.splitlines())
            self._chunk = b"%sevent: %s\ndata: %s\n\n" % (number, self.kind.encode(), data)
        return self._chunk

    def _short(self) -> bytes:
        return text_frame(
            {
                "seq": self.seq,
                "kind": self.kind,
                "session_id": self.session_id,
                "truncated": True,
            }
        )
