import threading
from collections import Counter

from chat_bridge.errors import TooManyRequests, Unavailable

RETRY_AFTER = 10


class Slots:
    """How many sockets this process holds, in all and for one address."""

    def __init__(self, *, total: int = 5_000, per_address: int = 100) -> None:
        self.total = total
        self.per_address = per_address
        self.taken = 0
        self._lock = threading.RLock()
        self._addresses: Counter[str] = Counter()

    def check(self, address: str) -> None:
        if self.taken >= self.total:
            raise Unavailable("Too many open connections.", retry_after=RETRY_AFTER)
        if self._addresses[address] >= self.per_address:
            raise TooManyRequests(
                "Too many open connections from this address.", retry_after=RETRY_AFTER
            )

    def take(self, address: str) -> None:
        with self._lock:
            self.check(address)
            self.take_checked(address)

    def take_checked(self, address: str) -> None:
        """For whoever was checked when it could still be refused: those few that came in between
        go over the limit."""
        with self._lock:
            self.taken += 1
            self._addresses[address] += 1

    def give_back(self, address: str) -> None:
        with self._lock:
            self.taken -= 1
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]
