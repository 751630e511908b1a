"""SQLite as it is used here: one connection a thread, WAL with FULL, one fair write lock.

Every write transaction starts `BEGIN IMMEDIATE` inside a blocking flock shared by all processes:
SQLite's own busy polling starves writers, and the lock also keeps checkpoints and commits apart.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chat_bridge.errors import DatabaseBusy, OutOfSpace

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA wal_autocheckpoint=0",
)
LOCK_PATIENCE_SECONDS = 5.0
BUSY_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    for pragma in PRAGMAS:
        connection.execute(pragma).fetchall()
    return connection


class WriteLock:
    """Excludes threads by a lock with a time-out, then processes by a blocking flock: when another
    process is stopped while it holds the file, requests get 503 instead of a hung server."""

    def __init__(self, path: Path) -> None:
        self._threads = threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        if not self._threads.acquire(timeout=LOCK_PATIENCE_SECONDS):
            raise DatabaseBusy
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self._threads.release()


class _Local(threading.local):
    connection: sqlite3.Connection | None = None
    depth = 0
    announced = False


class Database:
    """Open one after each fork. `on_commit` runs after every commit that announced something."""

    def __init__(self, path: Path, *, on_commit: Callable[[], None] = lambda: None) -> None:
        self.path = path
        self.lock = WriteLock(path.with_name(path.name + ".lock"))
        self._on_commit = on_commit
        self._local = _Local()

    @property
    def connection(self) -> sqlite3.Connection:
        if self._local.connection is None:
            self._local.connection = connect(self.path)
        return self._local.connection

    @contextmanager
    def write(self) -> Iterator[None]:
        """One transaction; inside another `write()` of the same thread it joins that one."""
        if self._local.depth:
            yield
            return
        with self.lock(), translated():
            self.connection.execute("BEGIN IMMEDIATE")
            self._local.depth = 1
            self._local.announced = False
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
            finally:
                self._local.depth = 0
        if self._local.announced:
            self._on_commit()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several reads of one moment."""
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("COMMIT")

    def announce(self) -> None:
        """The transaction under way holds something that waiting readers want to hear of."""
        self._local.announced = True

    def ping(self) -> None:
        with translated():
            self.connection.execute("SELECT 1").fetchone()

    def close(self) -> None:
        if self._local.connection is not None:
            self._local.connection.close()
            self._local.connection = None


@contextmanager
def translated() -> Iterator[None]:
    """What a caller can do something about; other database errors are faults and pass through."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in BUSY_CODES:
            raise DatabaseBusy from error
        if code == sqlite3.SQLITE_FULL:
            raise OutOfSpace from error
        raise
