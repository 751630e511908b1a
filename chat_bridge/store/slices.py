"""Numbers of a caller's window, taken from the shared counts many at once."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chat_bridge.errors import DatabaseBusy
from chat_bridge.store.counters import PATIENCE_SECONDS, Count, Counters

MOST_SLICES = 10_000


@dataclass
class Slice:
    """Numbers of one caller's window that this process has taken from the table."""

    next: int
    last: int
    began: float
    ends: float

    def covers(self, moment: float) -> bool:
        """A clock set back leaves the slice behind, as it leaves the window."""
        return self.next <= self.last and self.began <= moment < self.ends


class Slices:
    """Takes the numbers of a window in slices, so that not every request writes. What a process
    took and did not use is lost to the others until the window ends: with slices of a hundredth
    of the quota, four processes refuse at most three in a hundred too early, and none too late."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._lock = threading.Lock()
        self._taking = threading.Lock()
        self._slices: dict[tuple[str, str], Slice] = {}

    def count(self, endpoint: str, who: str, seconds: int, size: int) -> Count:
        """The caller's next number; `size` numbers are taken together."""
        if size < 2:
            return self._counters.add(endpoint, who, seconds)
        found = self._taken(endpoint, who)
        if found is not None:
            return found
        with self._one_taker():
            return self._taken(endpoint, who) or self._take(endpoint, who, seconds, size)

    def forget(self, endpoint: str = "", who: str = "") -> None:
        """What this process has taken, for one caller or for everybody."""
        with self._lock:
            if endpoint:
                self._slices.pop((endpoint, who), None)
            else:
                self._slices.clear()

    @contextmanager
    def _one_taker(self) -> Iterator[None]:
        """Threads that find a slice used up wait for the one that takes the next."""
        if not self._taking.acquire(timeout=PATIENCE_SECONDS):
            raise DatabaseBusy
        try:
            yield
        finally:
            self._taking.release()

    def _taken(self, endpoint: str, who: str) -> Count | None:
        now = time.time()
        with self._lock:
            found = self._slices.get((endpoint, who))
            if found is None or not found.covers(now):
                return None
            found.next += 1
            return Count(found.next - 1, found.ends)

    def _take(self, endpoint: str, who: str, seconds: int, size: int) -> Count:
        taken = self._counters.add(endpoint, who, seconds, size)
        first = taken.requests - size + 1
        with self._lock:
            if len(self._slices) >= MOST_SLICES:
                self._slices.clear()
            self._slices[endpoint, who] = Slice(
                first + 1, taken.requests, taken.ends - seconds, taken.ends
            )
        return Count(first, taken.ends)
