import socket
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from chat_bridge.ports import Reply
from chat_bridge.push.handover import Line, head
from chat_bridge.push.peer import NEVER, Peer
from chat_bridge.push.waiters import Waiter, Waiters

if TYPE_CHECKING:
    from chat_bridge.push.hub import Hub

UNREAD_LIMIT = 64 * 1024


class PollPeer(Peer):
    """A request that waits for one answer."""

    __slots__ = ("claimed", "headers", "line", "unread", "until", "waiter", "waiters")

    def __init__(
        self, hub: "Hub", sock: socket.socket, line: Line, *, waiter: Waiter, waiters: Waiters
    ) -> None:
        super().__init__(hub, sock, line.address)
        self.waiter = waiter
        self.waiters = waiters
        self.line = line
        self.headers: Iterable[tuple[str, str]] = ()
        self.until = time.monotonic() + waiter.wait.seconds
        self.claimed: bytes | None = None
        self.unread = 0

    def opened(self) -> None:
        self.hub.remind(self, self.until)

    def received(self, data: bytes) -> None:
        self.unread += len(data)
        if self.unread > UNREAD_LIMIT:
            self.hub.drop(self)

    def timed(self, now: float) -> float:
        if now < self.until:
            return self.until
        self.until = NEVER
        self.waiters.expire(self.waiter)
        return NEVER

    def answer(self, body: bytes, claimed: bool) -> None:
        """From any thread."""
        self.hub.call(self._answer, body, claimed)

    def _answer(self, body: bytes, claimed: bool) -> None:
        self.claimed = body if claimed else None
        if not self.hub.holds(self):
            self.gone()
            return
        status = body.status if isinstance(body, Reply) else 200
        more = body.headers.items() if isinstance(body, Reply) else ()
        self.hub.send(self, head((*self.headers, *more), len(body), status) + body)
        if self.hub.holds(self):
            self.line.write(status, len(body))
            if self.out is None:
                self.claimed = None
            self.hub.end(self)

    def drained(self) -> None:
        self.claimed = None

    def leave(self) -> None:
        if self.ends == NEVER:
            self.waiters.leave(self.waiter)
            self._answer(self.waiter.wait.nothing(), claimed=False)

    def gone(self) -> None:
        self.waiters.leave(self.waiter)
        if self.claimed is not None:
            self.waiters.undo(self.waiter, self.claimed)
            self.claimed = None
