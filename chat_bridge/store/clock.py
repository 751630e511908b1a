import time
from datetime import UTC, datetime
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class SystemClock:
    """Leases count CLOCK_BOOTTIME: it survives a clock change and a suspended machine."""

    def __init__(self) -> None:
        self._boot_id = BOOT_ID.read_text().strip()

    def now(self) -> str:
        return self.text(self.now_ms())

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def text(self, milliseconds: int) -> str:
        moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"

    def boot_ms(self) -> int:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def boot_id(self) -> str:
        return self._boot_id
