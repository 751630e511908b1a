"""A connection that follows the events of one topic, from a cursor on, without gap or double.

It is first *behind*: batches are read from the feed on a claim thread and live events are only
remembered by number. Once a batch was the last one and nothing came meanwhile it is *live*. A
client too slow for live events is put behind again, at its own pace.
"""

import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_bridge.push.claims import Claims
from chat_bridge.push.feed import EVERYTHING, Encode, Feed, Push, Readers
from chat_bridge.push.peer import NEVER, Peer

if TYPE_CHECKING:
    from chat_bridge.push.hub import Hub

BATCH = 50
BATCH_BYTES = 256 * 1024
QUEUE_BYTES = 256 * 1024
QUEUE_ITEMS = 256


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read of a backlog, up to and including `cursor`; `whole` when that was all."""

    pushes: Sequence[Push]
    cursor: int
    whole: bool


class Backlog:
    """Reads what a subscriber has missed; one for the process."""

    def __init__(self, feed: Feed, encode: Encode, *, claims: Claims, readers: Readers) -> None:
        self.readers = readers
        self.feed = feed
        self.encode = encode
        self.claims = claims

    def read(self, peer: "Subscription", turn: int, cursor: int, seen: int) -> None:
        try:
            batch = self.after(peer.topic, cursor, operator=peer.operator)
        except BaseException:
            peer.hub.call(peer.stalled)
            raise
        peer.hub.call(peer.caught_up, turn, batch, seen)

    def after(self, topic: str | None, cursor: int, *, operator: bool = False) -> Batch:
        session_id = None if topic == EVERYTHING else topic
        heads = self.feed.heads(cursor, BATCH, session_id, operator=operator)
        pushes: list[Push] = []
        size = 0
        for event in self.feed.load(heads):
            if size > BATCH_BYTES:
                return Batch(pushes, pushes[-1].seq or cursor, whole=False)
            pushes.append(Push(event, self.encode(event)))
            size += len(pushes[-1].body)
        return Batch(pushes, heads[-1].seq if heads else cursor, whole=len(heads) < BATCH)


class Subscription(Peer):
    __slots__ = (
        "backlog", "cursor", "hungry", "live", "operator", "seen", "staff", "turn", "visitor",
    )  # fmt: skip
    whole_up_to = sys.maxsize

    def __init__(self, hub: "Hub", sock: socket.socket, address: str, backlog: Backlog) -> None:
        super().__init__(hub, sock, address)
        self.backlog = backlog
        self.staff = False
        self.operator = False
        self.visitor = False
        self.cursor = 0
        self.seen = 0
        self.live = False
        self.hungry = False
        self.turn = 0

    def wire(self, push: Push) -> bytes:
        """The event as this kind of connection carries it."""
        raise NotImplementedError

    def follow(self, cursor: int) -> None:
        """Starts over at a cursor of its topic."""
        self.cursor = cursor
        self.seen = 0
        self.live = self.hungry = False
        self.turn += 1
        self._read_on()

    def deliver(self, push: Push) -> None:
        if not self._may_hear(push):
            return
        full = self.queued > QUEUE_BYTES or (self.out is not None and len(self.out) > QUEUE_ITEMS)
        if push.seq is None:
            if self.live and not full:
                self.hub.send(self, self.wire(push))
            return
        if self.live and full:
            self.live, self.hungry = False, True
        if not self.live:
            self.seen = push.seq
        elif push.seq > self.cursor:
            self.cursor = push.seq
            self._tell(push)

    def caught_up(self, turn: int, batch: Batch, seen: int) -> None:
        """A batch has been read; `seen` is what had been heard of live when that began."""
        if turn != self.turn or not self.hub.holds(self) or self.ends != NEVER:
            return
        for push in batch.pushes:
            if self._may_hear(push):
                self._tell(push)
        self.cursor = batch.cursor
        if batch.whole and seen == self.seen:
            self.live = True
            self.cursor = max(self.cursor, seen)
        elif self.out is None:
            self._read_on()
        else:
            self.hungry = True

    def drained(self) -> None:
        if self.hungry and self.ends == NEVER:
            self.hungry = False
            self._read_on()

    def listens(self) -> None:
        """It is a visitor, who is there without saying a word."""
        if self.visitor and self.topic is not None:
            self.backlog.readers.here(self.topic)

    def _tell(self, push: Push) -> None:
        self.hub.send(self, self.wire(push))
        if push.answer_id and self.visitor and len(push.body) <= self.whole_up_to:
            self.backlog.readers.fetched((push.answer_id,))

    def _may_hear(self, push: Push) -> bool:
        return self.operator or not (push.operator or (push.staff and not self.staff))

    def _read_on(self) -> None:
        self.backlog.claims.submit(self.backlog.read, self, self.turn, self.cursor, self.seen)
