import socket
import time
from typing import TYPE_CHECKING

from chat_bridge.errors import BridgeError
from chat_bridge.ports import Standing
from chat_bridge.push.feed import EVERYTHING, Push
from chat_bridge.push.peer import NEVER
from chat_bridge.push.subscription import Backlog, Subscription

if TYPE_CHECKING:
    from chat_bridge.push.hub import Hub

COMMENT_EVERY = 15.0
RETRY = b"retry: 2000\n\n"
COMMENT = b": still here\n\n"


class StreamPeer(Subscription):
    """Server-sent events; resumed by the browser itself with the last `id:` it saw."""

    __slots__ = ("opening", "standing")

    def __init__(self, hub: "Hub", sock: socket.socket, address: str, backlog: Backlog) -> None:
        super().__init__(hub, sock, address, backlog)
        self.opening = b""
        self.standing: Standing | None = None

    def start(self, topic: str, cursor: int, head: bytes, *, standing: Standing | None) -> None:
        """From the request's thread: what goes out first, and where to read on."""
        self.standing = standing
        self.topic = topic
        self.staff = topic == EVERYTHING
        self.cursor = cursor
        self.opening = head + RETRY
        self.hub.adopt(self)

    def opened(self) -> None:
        self.hub.send(self, self.opening)
        self.opening = b""
        self.listens()
        self.follow(self.cursor)
        self.hub.remind(self, time.monotonic() + COMMENT_EVERY)

    def wire(self, push: Push) -> bytes:
        return push.chunk

    def timed(self, now: float) -> float:
        self.listens()
        if self.out is None:
            self.hub.send(self, COMMENT)
        if self.standing is not None:
            self._look(self.standing)
        return now + COMMENT_EVERY

    def looked_after(self, who: str) -> None:
        if self.standing is not None and self.standing.who == who:
            self._look(self.standing)

    def _look(self, standing: Standing) -> None:
        self.backlog.claims.submit(self._check, standing)

    def _check(self, standing: Standing) -> None:
        """Whoever may not stay is let go; when they ask again they are told why."""
        try:
            standing.check()
        except BridgeError as fault:
            if fault.forbids:
                self.hub.call(self.leave)

    def leave(self) -> None:
        if self.ends == NEVER:
            self.hub.end(self)
