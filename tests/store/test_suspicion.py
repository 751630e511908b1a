"""What a process makes of a database that fails: refused, marked, left, read through, trusted."""

import resource
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chat_bridge.errors import (
    BridgeError,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFailing,
    DatabaseUnusable,
    OutOfSpace,
)
from chat_bridge.store import SqliteStore
from chat_bridge.store.connection import Database, lock_of
from chat_bridge.store.migrate import migrate
from chat_bridge.store.suspicion import Suspicion
from tests.builders import MIGRATIONS, new_store

MEANINGS = {
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_BUSY_SNAPSHOT: DatabaseBusy,
    sqlite3.SQLITE_FULL: OutOfSpace,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnusable,
    sqlite3.SQLITE_READONLY: DatabaseUnusable,
    sqlite3.SQLITE_IOERR_NOMEM: DatabaseUnusable,
    sqlite3.SQLITE_IOERR_FSYNC: DatabaseFailing,
    sqlite3.SQLITE_IOERR_READ: DatabaseFailing,
    sqlite3.SQLITE_CORRUPT: DatabaseFailing,
    sqlite3.SQLITE_NOTADB: DatabaseFailing,
}


def failure(code: int) -> sqlite3.DatabaseError:
    error = sqlite3.OperationalError("it failed")
    error.sqlite_errorcode = code
    return error


def put(store: SqliteStore, value: str) -> None:
    with store.write():
        store.settings.put("colour", value, description="", secret=False, now="2026-11-21")


def spoil(database: Path, fill: bytes) -> None:
    """All pages but the first."""
    with database.open("r+b") as file:
        for at in range(4096, database.stat().st_size, 4096):
            file.seek(at)
            file.write(fill * (4096 // len(fill)))


@contextmanager
def no_file_may_grow() -> Iterator[None]:
    """As with a quota, SQLite then says that the disk fails. For a few lines only: what pytest
    tells may be going into a file, too."""
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("code", MEANINGS)
def test_what_an_error_means(tmp_path: Path, code: int) -> None:
    suspicion = Suspicion(tmp_path / "bridge.db")
    with pytest.raises(BridgeError) as told:
        suspicion.judge(failure(code))
    assert type(told.value) is MEANINGS[code]
    assert bool(suspicion.why) == (MEANINGS[code] is DatabaseFailing)


def test_a_fault_of_ours_is_no_failing_disk(tmp_path: Path) -> None:
    suspicion = Suspicion(tmp_path / "bridge.db")
    suspicion.judge(failure(sqlite3.SQLITE_ERROR))
    suspicion.judge(failure(sqlite3.SQLITE_CONSTRAINT_UNIQUE))
    assert suspicion.why is None


def test_a_limit_on_files_is_no_failing_disk(tmp_path: Path) -> None:
    suspicion = Suspicion(tmp_path / "bridge.db")
    with pytest.raises(OutOfSpace), no_file_may_grow():
        suspicion.judge(failure(sqlite3.SQLITE_IOERR_WRITE))
    assert suspicion.why is None


def test_nobody_writes_any_more_and_everybody_leaves(store: SqliteStore, tmp_path: Path) -> None:
    left: list[str] = []
    other = new_store(tmp_path / "bridge.db")
    store.database.suspicion.leave = lambda: left.append("first")
    other.database.suspicion.leave = lambda: left.append("other")
    with pytest.raises(DatabaseFailing), store.write():
        raise failure(sqlite3.SQLITE_IOERR_FSYNC)
    for one in (store, other, store, other):
        with pytest.raises(DatabaseFailing):
            put(one, "red")
        with pytest.raises(DatabaseFailing):
            one.ping()
    assert left == ["first", "other"]
    assert other.settings.get("colour") is None


def test_the_next_start_trusts_what_is_whole(store: SqliteStore, tmp_path: Path) -> None:
    put(store, "green")
    with pytest.raises(DatabaseFailing), store.write():
        raise failure(sqlite3.SQLITE_IOERR_FSYNC)
    migrate(tmp_path / "bridge.db", MIGRATIONS)
    again = new_store(tmp_path / "bridge.db")
    put(again, "blue")
    assert again.settings.get("colour") == "blue"


@pytest.mark.parametrize("fill", [b"\xff", b"\0", b"\x0d\0\0\0"])
def test_damage_is_noticed_and_refused_at_the_next_start(tmp_path: Path, fill: bytes) -> None:
    path = tmp_path / "bridge.db"
    put(new_store(path), "green")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    store = SqliteStore(path, MIGRATIONS.parents[1] / "queries", lambda: None)
    spoil(path, fill)
    with pytest.raises(DatabaseFailing):
        store.settings.get("colour")
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(DatabaseDamaged, match=r"is damaged"):
            migrate(path, MIGRATIONS)
    assert path.read_bytes() == before


def test_a_mark_that_cannot_be_written_counts_as_well(tmp_path: Path) -> None:
    suspicion = Suspicion(tmp_path / "gone" / "bridge.db")
    with pytest.raises(DatabaseFailing):
        suspicion.judge(failure(sqlite3.SQLITE_CORRUPT))
    with pytest.raises(DatabaseFailing):
        suspicion.check()
    assert suspicion.why


def test_processes_that_start_together_read_it_through_once(
    store: SqliteStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "bridge.db"
    with pytest.raises(DatabaseFailing):
        store.database.suspicion.judge(failure(sqlite3.SQLITE_IOERR_FSYNC))
    for _ in range(3):
        Suspicion(path).settle(lock_of(path))
    assert [r.message for r in caplog.records].count(
        "the database was read through and is whole"
    ) == 1
    assert not path.with_name("bridge.db.suspect").exists()


def test_a_database_that_vanished_is_not_made_anew(tmp_path: Path) -> None:
    store = new_store(tmp_path / "bridge.db")
    put(store, "green")
    (tmp_path / "bridge.db").rename(tmp_path / "elsewhere.db")
    with pytest.raises(DatabaseUnusable):
        Database(tmp_path / "bridge.db").ping()
    assert not (tmp_path / "bridge.db").exists()
