import socket
from collections import deque
from typing import TYPE_CHECKING

from chat_bridge.push.feed import Push

if TYPE_CHECKING:
    from chat_bridge.push.hub import Hub

STALL = 5.0
LINGER = 2.0
NEVER = float("inf")


class Peer:
    """One adopted socket; everything but its making runs on the hub's thread.

    `out` is None while the socket takes all that is sent. `ends` is set once the last byte is
    queued: from then on input is thrown away until the other side closes.
    """

    __slots__ = ("address", "ends", "fd", "hub", "moved", "out", "queued", "sock", "timer", "topic")

    def __init__(self, hub: "Hub", sock: socket.socket, address: str) -> None:
        self.hub = hub
        self.sock = sock
        self.fd = sock.fileno()
        self.address = address
        self.topic: str | None = None
        self.out: deque[bytes] | None = None
        self.queued = 0
        self.moved = 0.0
        self.ends = NEVER
        self.timer = NEVER

    def opened(self) -> None:
        """The hub has it; says the first words and sets the first timer."""

    def received(self, data: bytes) -> None:
        """Bytes from the other side."""

    def deliver(self, push: Push) -> None:
        """An event of its topic."""

    def drained(self) -> None:
        """Everything queued has gone out."""

    def timed(self, now: float) -> float:
        """Its timer rang; returns when it shall ring next."""
        return NEVER

    def stalled(self) -> None:
        """Nothing could be sent for STALL seconds."""
        self.hub.drop(self)

    def looked_after(self, who: str) -> None:
        """Somebody was signed out somewhere, or a key revoked."""

    def leave(self) -> None:
        """The process ends."""
        self.hub.drop(self)

    def gone(self) -> None:
        """Its socket is closed."""

    def tick(self, now: float) -> float:
        if now >= self.ends:
            self.hub.drop(self)
            return NEVER
        if self.out and self.ends == NEVER:
            if now - self.moved >= STALL:
                self.stalled()
                return self.ends
            return min(self.timed(now), self.moved + STALL)
        return min(self.timed(now), self.ends)
