"""Answers that grow while they are written: each piece is an event, the whole is one response.

A writer that falls silent ends its answer where it is, marked incomplete; nothing is sent twice
by a retry, and whoever comes late reads the text so far and goes on from there.
"""

from dataclasses import dataclass, replace
from typing import Any

from chat_bridge.domain.agents import Agents
from chat_bridge.domain.inbox import Inbox
from chat_bridge.domain.leases import Leases
from chat_bridge.domain.outbox import Outbox
from chat_bridge.errors import (
    IdempotencyConflict,
    InvalidSession,
    MissingFields,
    StreamEnded,
    StreamOutOfOrder,
    StreamTooLong,
    TooManyStreams,
)
from chat_bridge.model import Key, NewResponse, Piece, Response, Stream
from chat_bridge.ports import Clock, DeltaRow, NewEvent, Store, StreamRow

MOST_AT_ONCE = 20
MOST_PIECES = 20_000
SWEPT_AT_ONCE = 100


@dataclass(frozen=True)
class StreamLimits:
    max_chars: int
    patience_seconds: int


@dataclass(frozen=True)
class Streams:
    store: Store
    clock: Clock
    agents: Agents
    inbox: Inbox
    outbox: Outbox
    limits: StreamLimits

    @property
    def _leases(self) -> Leases:
        return Leases(self.store, self.clock)

    def add(self, piece: Piece, key: Key) -> Stream:
        """The beginning of an answer, or more of it; a repeated piece changes nothing."""
        with self.store.write():
            found = self.store.streams.find(piece.session_id, piece.response_id)
            stream = found or self._begin(piece, key)
            if isinstance(stream.message_id, int):
                self._leases.keep(key, stream.message_id, self.limits.patience_seconds)
            if not piece.text or self._repeats(stream, piece):
                self.store.streams.touch(stream, until=self._until(), boot=self.clock.boot_id())
                return stream
            return self._grow(stream, piece)

    def end(self, piece: Piece, key: Key) -> Response | None:
        """The answer as one response: what was streamed, or the text that the end brings. None
        when it was given up before a word of it."""
        with self.store.write():
            stream = self.store.streams.find(piece.session_id, piece.response_id)
            earlier = self._earlier(piece.session_id, piece.response_id)
            if stream is None and earlier is not None:
                return self._end_again(earlier, piece, key)
            text = piece.text or (self.store.streams.text(stream.id) if stream else "")
            if stream and piece.incomplete:
                return self._break_off(stream, text)
            if not text.strip():
                raise MissingFields
            response = self.outbox.post(_whole(piece, stream, text), key)
            if stream:
                self.store.streams.forget(stream)
            return response

    def stop(self, session_id: str, response_id: str) -> Response | None:
        """The visitor has read enough: what is there stays, and the message counts as answered."""
        with self.store.write():
            stream = self.store.streams.find(session_id, response_id)
            if stream is None:
                if earlier := self._earlier(session_id, response_id):
                    return earlier
                raise StreamEnded(response_id=response_id, reason="nothing of it is being written")
            response = self._break_off(stream, self.store.streams.text(stream.id), stopped=True)
            if isinstance(stream.message_id, int):
                self._leases.dismiss(session_id, stream.message_id)
        return response

    def sweep(self) -> None:
        """Ends what nobody writes any more."""
        now, boot = self.clock.boot_ms(), self.clock.boot_id()
        if not self.store.streams.left(now, boot, 1):
            return
        with self.store.write():
            for stream in self.store.streams.left(now, boot, SWEPT_AT_ONCE):
                self._break_off(stream, self.store.streams.text(stream.id))

    def _begin(self, piece: Piece, key: Key) -> Stream:
        if earlier := self._earlier(piece.session_id, piece.response_id):
            raise _ended(piece.response_id, earlier)
        session = self.store.sessions.find(piece.session_id)
        if session is None:
            raise InvalidSession
        self._make_room(piece)
        answered = None if piece.message_id is None else str(piece.message_id)
        agent = self.agents.by_id(key.agent_id or session.agent_id).slug
        now = self.clock.now()
        row = StreamRow(piece.session_id, piece.response_id, answered, piece.kind, agent, now)
        number = self.store.streams.add(row, until=self._until(), boot=self.clock.boot_id())
        stream = Stream(
            number, piece.session_id, piece.response_id, piece.message_id, piece.kind, agent,
            0, 0, now,
        )  # fmt: skip
        self._tell(stream, "start")
        return stream

    def _make_room(self, piece: Piece) -> None:
        """Whoever answers a message anew takes the place of the one who broke off."""
        under_way = self.store.streams.of_session(piece.session_id)
        left = [s for s in under_way if piece.message_id and s.message_id == piece.message_id]
        for stream in left:
            self._drop(stream)
        if len(under_way) - len(left) >= MOST_AT_ONCE:
            raise TooManyStreams(limit=MOST_AT_ONCE)

    def _repeats(self, stream: Stream, piece: Piece) -> bool:
        """Whether the piece is there already; StreamOutOfOrder where it fits nowhere."""
        text = None
        if piece.sequence is not None and piece.sequence <= stream.sequence:
            earlier = self.store.streams.delta(stream.id, piece.sequence)
            text = earlier.text if earlier else None
        elif piece.offset is not None and piece.offset < stream.length:
            whole = self.store.streams.text(stream.id)
            text = whole[piece.offset : piece.offset + len(piece.text)]
        elif piece.idempotency_key:
            same = self.store.streams.delta_by_key(stream.id, piece.idempotency_key)
            text = same.text if same else None
        if text == piece.text:
            return True
        fits = piece.sequence in (None, stream.sequence + 1)
        if text is not None or not fits or piece.offset not in (None, stream.length):
            raise StreamOutOfOrder(length=stream.length, sequence=stream.sequence)
        return False

    def _grow(self, stream: Stream, piece: Piece) -> Stream:
        if stream.length + len(piece.text) > self.limits.max_chars:
            raise StreamTooLong(limit=f"{self.limits.max_chars} characters")
        if stream.sequence >= MOST_PIECES:
            raise StreamTooLong(limit=f"{MOST_PIECES} pieces")
        row = DeltaRow(
            stream.id, stream.sequence + 1, stream.length, piece.text, piece.idempotency_key
        )
        self.store.streams.grow(row, until=self._until(), boot=self.clock.boot_id())
        grown = replace(stream, sequence=row.sequence, length=stream.length + len(piece.text))
        self._tell(grown, "delta", offset=row.start)
        return grown

    def _end_again(self, earlier: Response, piece: Piece, key: Key) -> Response:
        """A retry, or the end of an answer that had been broken off meanwhile. Nothing that is
        said is lost: another whole text is an answer of its own then."""
        if piece.text and piece.text != earlier.text:
            if not earlier.metadata.get("incomplete"):
                raise IdempotencyConflict
            again = replace(piece, response_id=f"{piece.response_id}:whole")
            return self.outbox.post(_whole(again, None, piece.text), key)
        if not piece.incomplete and (piece.message_id is None or isinstance(piece.message_id, int)):
            self.inbox.answered(key, piece.session_id, piece.message_id)
        return earlier

    def _break_off(self, stream: Stream, text: str, **facts: Any) -> Response | None:
        if not text.strip():
            self._drop(stream)
            return None
        piece = Piece("end", stream.session_id, stream.response_id, kind=stream.kind)
        new = _whole(replace(piece, metadata={"incomplete": True, **facts}), stream, text)
        response = self.outbox.add(new)
        self.store.streams.forget(stream)
        return response

    def _drop(self, stream: Stream) -> None:
        self.store.streams.forget(stream)
        payload = {"stream": "dropped", "response_id": stream.response_id}
        self.store.events.add(
            NewEvent(stream.session_id, "response.delta", self.clock.now(), payload=payload)
        )

    def _earlier(self, session_id: str, response_id: str) -> Response | None:
        found = self.store.responses.by_key(session_id, _key(response_id))
        return found[0] if found else None

    def _until(self) -> int:
        return self.clock.boot_ms() + self.limits.patience_seconds * 1000

    def _tell(self, stream: Stream, stage: str, offset: int = 0) -> None:
        payload = {
            "stream": stage, "response_id": stream.response_id, "sequence": stream.sequence,
            "offset": offset, "message_id": stream.message_id, "kind": stream.kind,
            "agent": stream.agent,
        }  # fmt: skip
        event = NewEvent(
            stream.session_id, "response.delta", self.clock.now(),
            response_id=stream.id, payload=payload,
        )  # fmt: skip
        self.store.events.add(event)


def _key(response_id: str) -> str:
    return f"stream:{response_id}"


def _whole(piece: Piece, stream: Stream | None, text: str) -> NewResponse:
    answered = piece.message_id
    if answered is None and stream:
        answered = stream.message_id
    kind = stream.kind if stream and piece.kind == "text" else piece.kind
    metadata = {**piece.metadata, "response_id": piece.response_id}
    return NewResponse(
        piece.session_id, text, answered, kind, piece.attachments, _key(piece.response_id), metadata
    )


def _ended(response_id: str, earlier: Response) -> StreamEnded:
    if earlier.metadata.get("stopped"):
        return StreamEnded(response_id=response_id, reason="the visitor has stopped it")
    if earlier.metadata.get("incomplete"):
        return StreamEnded(response_id=response_id, reason="its writer was silent for too long")
    return StreamEnded(response_id=response_id, reason="it is whole")
