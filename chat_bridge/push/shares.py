import mmap
import struct
import time

SLOTS = 64
ENTRY = struct.Struct("=dq")
FRESH_SECONDS = 3.0


class Shares:
    """How many connections each worker process holds, in memory that survives the fork. A worker
    that has not told its number lately is gone or stuck, and does not count."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, SLOTS * ENTRY.size)

    def tell(self, worker: int, connections: int) -> None:
        ENTRY.pack_into(self._memory, worker % SLOTS * ENTRY.size, time.monotonic(), connections)

    def least_of_others(self, worker: int) -> int:
        """The smallest number among the other workers; a very large one without others."""
        since = time.monotonic() - FRESH_SECONDS
        told = [
            ENTRY.unpack_from(self._memory, slot * ENTRY.size)
            for slot in range(SLOTS)
            if slot != worker % SLOTS
        ]
        return min((count for at, count in told if at > since), default=1 << 30)
