import socket
import time
from typing import TYPE_CHECKING

from chat_bridge.push.feed import EVERYTHING, Push
from chat_bridge.push.subscription import Backlog, Subscription

if TYPE_CHECKING:
    from chat_bridge.push.hub import Hub

COMMENT_EVERY = 15.0
RETRY = b"retry: 2000\n\n"
COMMENT = b": still here\n\n"


class StreamPeer(Subscription):
    """Server-sent events; resumed by the browser itself with the last `id:` it saw."""

    __slots__ = ("opening",)

    def __init__(self, hub: "Hub", sock: socket.socket, address: str, backlog: Backlog) -> None:
        super().__init__(hub, sock, address, backlog)
        self.opening = b""

    def start(self, topic: str, cursor: int, head: bytes) -> None:
        """From the request's thread: what goes out first, and where to read on."""
        self.topic = topic
        self.staff = topic == EVERYTHING
        self.cursor = cursor
        self.opening = head + RETRY
        self.hub.adopt(self)

    def opened(self) -> None:
        self.hub.send(self, self.opening)
        self.opening = b""
        self.follow(self.cursor)
        self.hub.remind(self, time.monotonic() + COMMENT_EVERY)

    def wire(self, push: Push) -> bytes:
        return push.chunk

    def timed(self, now: float) -> float:
        if self.out is None:
            self.hub.send(self, COMMENT)
        return now + COMMENT_EVERY

    def leave(self) -> None:
        self.hub.end(self)
