"""A database whose disk failed, or that cannot be read whole, is suspect: nobody writes into it any
more, whoever uses it leaves, and the next start reads it through before anything else.

A failed fsync is never tried again: the kernel may have dropped what it could not write, and the
next one would say that all is well.
"""

import logging
import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from chat_bridge.errors import (
    NO_ROOM,
    BridgeError,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFailing,
    DatabaseUnusable,
    OutOfSpace,
)
from chat_bridge.store.writing import FileLock

log = logging.getLogger(__name__)
MARK = ".suspect"
BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
GONE = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})
PROBE_BYTES = 1 << 16


class Suspicion:
    """One process's view of one database; the mark beside the file is everybody's."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._mark = database.with_name(database.name + MARK)
        self._turn = threading.Lock()
        self._known = False
        self.leave: Callable[[], None] = lambda: None

    @property
    def why(self) -> str | None:
        """When and for what it was marked."""
        try:
            return self._mark.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return "the mark could not be written" if self._known else None

    def check(self) -> None:
        """Before each commit; another process may have seen what this one has not."""
        if self._known or self._mark.exists():
            self._heed("another process found it so")
            raise DatabaseFailing

    def judge(self, error: sqlite3.DatabaseError) -> None:
        """Raises what a caller can do something about; other errors are faults of ours."""
        if refusal := self._refusal(error):
            raise refusal from error

    def settle(self, lock: FileLock) -> None:
        """Takes the mark away from what is whole; what is damaged is for a person to replace."""
        if not self._mark.exists():
            return
        with lock.held():
            if not self._mark.exists():
                return  # another process was here
            log.warning("the database is suspect and is read through: %s", self.why)
            if damage := damage_of(self._database):
                raise DatabaseDamaged(path=str(self._database), reason=damage)
            self._mark.unlink(missing_ok=True)
            self._known = False
            log.warning("the database was read through and is whole")

    def _refusal(self, error: sqlite3.DatabaseError) -> BridgeError | None:
        code = getattr(error, "sqlite_errorcode", 0)
        kind = code & 0xFF
        if kind in BUSY:
            return DatabaseBusy()
        if kind == sqlite3.SQLITE_FULL:
            return OutOfSpace()
        if kind in GONE or code == sqlite3.SQLITE_IOERR_NOMEM:
            log.info("the database cannot be used: %s", error)
            return DatabaseUnusable(reason=str(error))
        if kind == sqlite3.SQLITE_IOERR and self._out_of_room():
            return OutOfSpace()
        if kind == sqlite3.SQLITE_IOERR or kind in DAMAGED:
            self._heed(f"{error} ({getattr(error, 'sqlite_errorname', 'unknown')})")
            return DatabaseFailing()
        return None

    def _out_of_room(self) -> bool:
        """To SQLite a quota and a limit on the size of files are failing disks."""
        sizes = [self._size(""), self._size("-wal")]
        try:
            with tempfile.TemporaryFile(dir=self._database.parent) as probe:
                os.pwrite(probe.fileno(), bytes(PROBE_BYTES), max(sizes))
                os.fsync(probe.fileno())
        except OSError as error:
            return error.errno in NO_ROOM
        return False

    def _size(self, suffix: str) -> int:
        with suppress(FileNotFoundError):
            return self._database.with_name(self._database.name + suffix).stat().st_size
        return 0

    def _heed(self, reason: str) -> None:
        with self._turn:
            if self._known:
                return
            self._known = True
        log.error("the database is suspect, this process leaves: %s", reason)
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        with suppress(OSError), self._mark.open("x", encoding="utf-8") as mark:
            mark.write(f"{moment} {reason}\n")
        self.leave()


@contextmanager
def translated(suspicion: Suspicion) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        suspicion.judge(error)
        raise


def damage_of(database: Path) -> str | None:
    """Reads all of it and changes nothing; None when it is whole."""
    try:
        uri = f"{database.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=5)) as connection:
            (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        raise DatabaseFailing from error
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if told == "ok" else str(told).replace("\n", " ")
