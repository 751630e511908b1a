"""Real classes that stand in for the world where a test has to steer it."""

from datetime import UTC, datetime
from typing import Any

NOON = 1_795_262_400_000  # 2026-11-21T12:00:00.000Z


class ManualClock:
    """A clock that stands still until it is moved; both times can be moved apart."""

    def __init__(self, wall: int = NOON, boot: int = 1_000_000) -> None:
        self.wall = wall
        self.boot = boot
        self.machine = "first-boot"

    def now(self) -> str:
        return self.text(self.wall)

    def now_ms(self) -> int:
        return self.wall

    def text(self, milliseconds: int) -> str:
        moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"

    def boot_ms(self) -> int:
        return self.boot

    def boot_id(self) -> str:
        return self.machine

    def pass_seconds(self, seconds: float) -> None:
        self.wall += int(seconds * 1000)
        self.boot += int(seconds * 1000)

    def set_wall_back(self, seconds: float) -> None:
        self.wall -= int(seconds * 1000)

    def restart_machine(self) -> None:
        self.boot = 5_000
        self.machine = "second-boot"


class CommitCounter:
    """Counts how often waiting readers were told of a commit."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


class Silence:
    """A wake-up that nobody hears."""

    def notify(self, payload: bytes = b"") -> None:
        return

    def listen(self) -> Any:
        raise NotImplementedError
