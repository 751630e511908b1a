"""SQLite as it is used here: WAL with FULL, a connection a thread for reading, one way to write."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from chat_bridge.store.suspicion import Suspicion, translated
from chat_bridge.store.writing import FileLock, Writer

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",  # not every build does: what was erased must not lie in free pages
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA wal_autocheckpoint=0",
)


def connect(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """A database that is not there any more is not made anew, unless a start asks for it."""
    uri = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    for pragma in PRAGMAS:
        connection.execute(pragma).fetchall()
    return connection


def lock_of(database: Path) -> FileLock:
    """What every process that writes or checkpoints this database holds meanwhile."""
    return FileLock(database.with_name(database.name + ".lock"))


class _Local(threading.local):
    reader: sqlite3.Connection | None = None
    writing = False
    announced = False


class Database:
    """Open one after each fork. `on_commit` runs after every commit that announced something."""

    def __init__(self, path: Path, *, on_commit: Callable[[], None] = lambda: None) -> None:
        self.path = path
        self.suspicion = Suspicion(path)
        self.writer = Writer(lambda: connect(path), lock_of(path), check=self.suspicion.check)
        self._on_commit = on_commit
        self._local = _Local()

    @property
    def connection(self) -> sqlite3.Connection:
        """The calling thread's: inside `write()` the process's writer, else its own reader."""
        if self._local.writing:
            return self.writer.connection
        if self._local.reader is None:
            self._local.reader = connect(self.path)
        return self._local.reader

    @contextmanager
    def write(self) -> Iterator[None]:
        """One transaction; inside another `write()` of the same thread it joins that one."""
        if self._local.writing:
            yield
            return
        with translated(self.suspicion):
            self._local.announced = False
            with self.writer.transaction():
                self._local.writing = True
                try:
                    yield
                finally:
                    self._local.writing = False
        if self._local.announced:
            self._on_commit()

    def lock(self) -> AbstractContextManager[None]:
        """Nobody writes meanwhile, in any process."""
        return self.writer.alone()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several reads of one moment."""
        connection = self.connection
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("COMMIT")

    def announce(self) -> None:
        """The transaction under way holds something that waiting readers want to hear of."""
        self._local.announced = True

    def judge(self, error: sqlite3.DatabaseError) -> None:
        self.suspicion.judge(error)

    def ping(self) -> None:
        self.suspicion.check()
        with translated(self.suspicion):
            self.connection.execute("SELECT 1 FROM bridge_migrations").fetchone()

    def close(self) -> None:
        if self._local.reader is not None:
            self._local.reader.close()
            self._local.reader = None
