"""What a process said of itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LogEntry:
    """One line of a log; `part` is the kind of process, `trace` where a fault came from."""

    time: str
    level: str
    part: str
    logger: str
    text: str
    request_id: str | None = None
    trace: str | None = None


@dataclass(frozen=True)
class LogSizes:
    """Bytes in the logs being written and in all of them; how many are set aside."""

    current: int
    total: int
    backups: int
