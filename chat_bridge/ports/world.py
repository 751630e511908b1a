"""Time, bytes at rest, wake-ups between processes, and requests that wait."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Protocol

from chat_bridge.model import Blob, Limits, Profile, Progress, Run, RunResult, Snapshot, Source


class Clock(Protocol):
    """Wall time for the wire, boot time for leases: the one may jump, the other never does."""

    def now(self) -> str:
        """UTC as `YYYY-MM-DDTHH:MM:SS.mmmZ`."""
        ...

    def now_ms(self) -> int:
        """UTC in milliseconds since 1970."""
        ...

    def text(self, milliseconds: int) -> str:
        """Milliseconds since 1970 in the form of `now`."""
        ...

    def boot_ms(self) -> int:
        """Milliseconds since boot; goes on while the machine sleeps."""
        ...

    def boot_id(self) -> str: ...


class Attempts(Protocol):
    """Wrong keys, counted by address for all processes."""

    def failed(self, address: str) -> None: ...
    def wait(self, address: str) -> int:
        """Seconds until the address may try again; 0 is now."""
        ...


class Tries(Protocol):
    """Attempts to sign in, counted for all processes before they are made, so that many at once
    gain nothing."""

    def begin(self, who: str) -> tuple[int, int]:
        """Counts one more: by how many that is too many (0: go on), and the seconds to wait."""
        ...

    def forget(self, who: str) -> None: ...
    def take_back(self, who: str) -> None: ...


class Listener(Protocol):
    """The receiving end of wake-ups; `fileno` becomes readable when there may be new events."""

    def fileno(self) -> int: ...
    def drain(self) -> list[bytes]:
        """Takes what has arrived without blocking; b"" is a plain wake-up, other bytes are
        one unstored event as JSON (typing)."""
        ...

    def close(self) -> None: ...


class Wakeup(Protocol):
    """Tells every process of this installation that something was committed. May be lost."""

    def notify(self, payload: bytes = b"") -> None: ...
    def listen(self) -> Listener: ...


class Reply(bytes):
    """A body that is not a plain 200."""

    status = 200
    headers: Mapping[str, str] = MappingProxyType({})

    @classmethod
    def of(cls, body: bytes, status: int, headers: Mapping[str, str]) -> "Reply":
        reply = cls(body)
        reply.status, reply.headers = status, headers
        return reply


def nobody() -> None:
    """Nothing depends on whether the other side stays."""


@dataclass(frozen=True)
class Standing:
    """On whose account somebody waits. `who` is what a wake-up calls when accounts or keys end,
    `check` raises once this one has: it reads the database, so it never runs on the hub."""

    who: str
    check: Callable[[], object]


@dataclass(frozen=True)
class Wait:
    """A request that has nothing to answer yet.

    `attempt` builds the body or returns None to go on waiting; it may write (an inbox claim), so
    it runs on a claim thread, never on the hub. `unsent` undoes it when the peer was gone;
    `abandoned` hears that the wait ended without an answer of `attempt`. When `who` is called,
    there is another attempt at once.
    """

    topic: str
    seconds: float
    attempt: Callable[[], bytes | None]
    nothing: Callable[[], bytes]
    unsent: Callable[[bytes], None]
    headers: Mapping[str, str]
    abandoned: Callable[[], None] = nobody
    who: str | None = None


class Waiting(Protocol):
    """Parks waiting requests; the answer is whatever a WSGI view may return."""

    def hold(self, environ: Mapping[str, Any], wait: Wait) -> Any: ...
    def stream(
        self,
        environ: Mapping[str, Any],
        topic: str,
        cursor: int,
        *,
        standing: Standing | None = None,
        visitor: bool = False,
    ) -> Any:
        """Server-sent events of a topic from a cursor on, until the peer leaves or has to;
        `visitor` if it is their own session."""
        ...


class SnapshotFolder(Protocol):
    """Copies of the database; only whole ones have a name."""

    def take(self) -> Snapshot: ...
    def all(self) -> Sequence[Snapshot]:
        """The newest first."""
        ...

    def path(self, name: str) -> Path | None: ...
    def forget(self, name: str) -> None: ...


class Files(Protocol):
    """Bytes by content address, linked into a tree that people can read."""

    def add(self, stream: IO[bytes], limit: int) -> Blob:
        """Stores a stream durably; TooLarge beyond `limit` bytes, and nothing is kept."""
        ...

    def adopt(self, path: Path) -> Blob:
        """Takes over a finished file of the same file system."""
        ...

    def path(self, sha256: str) -> Path: ...
    def link(self, blob: Blob, folder: str, name: str) -> None:
        """Makes the blob visible as `<tree>/<folder>/<name>`."""
        ...

    def unlink_tree(self, folder: str) -> None: ...
    def forget(self, sha256: str) -> None: ...
    def settled(self, seconds: float) -> Iterable[str]:
        """Content addresses of blobs that have lain here for at least so long."""
        ...

    def work_dir(self) -> Path:
        """A new private folder on the same file system, for a run's unfinished output."""
        ...

    def free_bytes(self) -> int: ...
    def ping(self) -> None: ...


class Engine(Protocol):
    """Carries out what touches people's files, away from the process that asks for it."""

    def run(
        self, run: Run, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]
    ) -> RunResult: ...
    def profile(self, source: Source, limits: Limits, folder: Path) -> Profile: ...
    def warm_up(self) -> None: ...
    def shut_down(self) -> None: ...
