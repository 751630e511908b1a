"""Transactions that meet share a commit, and yet each succeeds or fails for itself."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chat_bridge.errors import DatabaseBusy
from chat_bridge.store import writing
from chat_bridge.store.writing import FileLock, Writer
from tests.patience import LONG, await_true


class Watched(sqlite3.Connection):
    """Counts commits, and fails when it is told to."""

    commits = 0
    failing = ""

    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:  # type: ignore[override]  # narrower on purpose
        if self.failing and sql.startswith(self.failing):
            raise sqlite3.OperationalError(f"{sql} failed")
        self.commits += sql == "COMMIT"
        return super().execute(sql, *more)


class Notes:
    """A table of words, written through a Writer and read past it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notes.db"
        self.connection = self.open()
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("CREATE TABLE notes (word TEXT UNIQUE)")
        self.writer = Writer(lambda: self.connection, FileLock(folder / "notes.lock"))
        self.pool = ThreadPoolExecutor(8)
        self.came: list[Future[None]] = []

    def open(self) -> Watched:
        return sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, factory=Watched
        )

    def add(self, word: str) -> None:
        self.writer.connection.execute("INSERT INTO notes VALUES (?)", (word,))

    def write(self, word: str) -> None:
        with self.writer.transaction():
            self.add(word)

    def words(self) -> set[str]:
        reader = self.open()
        found = {row[0] for row in reader.execute("SELECT word FROM notes")}
        reader.close()
        return found

    def waiting(self, count: int) -> None:
        """Until so many threads wait for their turn."""
        await_true(lambda: self.writer.waiting >= count)

    @contextmanager
    def met_by(self, *words: str) -> Iterator[list[Future[None]]]:
        """A transaction during which others come and wait behind it."""
        with self.writer.transaction():
            for word in words:
                self.came.append(self.pool.submit(self.write, word))
                self.waiting(len(self.came))
            yield self.came

    def fail(self, word: str, *, meeting: str = "", breaking: str = "") -> None:
        with self.met_by(*meeting.split()):
            self.add(word)
            self.connection.failing = breaking
            raise ZeroDivisionError


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notes]:
    monkeypatch.setattr(writing, "LONGEST_GROUP_SECONDS", 60.0)
    notes = Notes(tmp_path)
    yield notes
    notes.pool.shutdown()
    notes.connection.close()


def test_those_who_meet_share_one_commit(notes: Notes) -> None:
    with notes.met_by("two", "three", "four") as came:
        notes.add("one")
    for future in came:
        future.result(LONG)
    assert notes.words() == {"one", "two", "three", "four"}
    assert notes.connection.commits == 1


def test_nobody_returns_before_the_commit(notes: Notes) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def dawdle() -> None:
        with notes.writer.transaction():
            inside.set()
            go_on.wait(LONG)

    def first() -> set[str]:
        with notes.writer.transaction():
            notes.add("one")
            notes.pool.submit(dawdle)
            notes.waiting(1)
        return notes.words()

    returned = notes.pool.submit(first)
    assert inside.wait(LONG)
    time.sleep(0.05)
    assert not returned.done()
    assert notes.words() == set()
    go_on.set()
    assert returned.result(LONG) == {"one"}


def test_a_member_that_fails_takes_back_only_its_own(notes: Notes) -> None:
    notes.write("taken")
    with notes.met_by("two", "taken", "three") as came:
        notes.add("one")
    came[0].result(LONG)
    with pytest.raises(sqlite3.IntegrityError):
        came[1].result(LONG)
    came[2].result(LONG)
    assert notes.words() == {"taken", "one", "two", "three"}


def test_the_first_one_may_fail_too(notes: Notes) -> None:
    with pytest.raises(ZeroDivisionError):
        notes.fail("one", meeting="two")
    notes.came[0].result(LONG)
    assert notes.words() == {"two"}


def test_a_commit_that_fails_fails_for_everybody_and_leaves_no_trace(notes: Notes) -> None:
    def fail_to_commit() -> None:
        with notes.met_by("two"):
            notes.add("one")
            notes.connection.failing = "COMMIT"

    with pytest.raises(sqlite3.OperationalError):
        fail_to_commit()
    with pytest.raises(sqlite3.OperationalError):
        notes.came[0].result(LONG)
    notes.connection.failing = ""
    assert notes.words() == set()
    notes.write("afterwards")
    assert notes.words() == {"afterwards"}


def test_a_member_that_cannot_be_taken_back_stores_nothing_and_blocks_nobody(
    notes: Notes,
) -> None:
    with pytest.raises(ZeroDivisionError):
        notes.fail("two", breaking="ROLLBACK TO")
    notes.connection.failing = ""
    assert notes.words() == set()
    notes.write("afterwards")
    assert notes.words() == {"afterwards"}


def test_a_group_ends_in_time_for_other_processes(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LARGEST_GROUP", 2)
    with notes.met_by("two", "three", "four") as came:
        notes.add("one")
    for future in came:
        future.result(LONG)
    assert notes.connection.commits == 2


def test_a_beginning_that_fails_lets_go_of_everything(notes: Notes) -> None:
    notes.connection.failing = "BEGIN"
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError):
            notes.write("one")
    notes.connection.failing = ""
    notes.write("two")
    assert notes.words() == {"two"}


def test_who_waits_too_long_is_told(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "LOCK_PATIENCE_SECONDS", 0.1)
    with notes.writer.alone(), pytest.raises(DatabaseBusy):
        notes.pool.submit(notes.write, "one").result(LONG)
    notes.write("two")
    assert notes.words() == {"two"}


def test_many_threads_lose_nothing(notes: Notes) -> None:
    futures = [notes.pool.submit(notes.write, f"word {number}") for number in range(300)]
    for future in futures:
        future.result(LONG)
    assert len(notes.words()) == 300
    assert notes.connection.commits <= 300
