"""One way to write: joined, all or nothing, announced after the commit, and never a hang."""

import signal
import sqlite3
import threading
from pathlib import Path

import pytest

from chat_bridge.errors import DatabaseBusy, OutOfSpace
from chat_bridge.store import SqliteStore, writing
from tests.builders import new_store
from tests.fakes import CommitCounter
from tests.patience import await_true
from tests.store.other_process import HOLD_DATABASE, HOLD_LOCK, holding


def put(store: SqliteStore, key: str, value: str = "1") -> None:
    store.settings.put(key, value, description="", secret=False, now="2026-11-21T12:00:00.000Z")


def in_thread(act: object) -> tuple[threading.Thread, list[object]]:
    """Runs `act` beside; the list receives its error, or None."""
    outcome: list[object] = []

    def run() -> None:
        try:
            act()  # type: ignore[operator]  # a callable of the test
        except DatabaseBusy as error:
            outcome.append(error)
        else:
            outcome.append(None)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def test_a_commit_is_seen_by_others_and_survives(store: SqliteStore, tmp_path: Path) -> None:
    with store.write():
        put(store, "colour", "green")
    assert new_store(tmp_path / "bridge.db").settings.get("colour") == "green"


def test_nothing_is_seen_before_the_commit(store: SqliteStore, tmp_path: Path) -> None:
    other = new_store(tmp_path / "bridge.db")
    with store.write():
        put(store, "colour")
        assert other.settings.get("colour") is None
    assert other.settings.get("colour") == "1"


def test_an_inner_write_joins_the_outer_one(store: SqliteStore) -> None:
    def fail_after_both() -> None:
        with store.write():
            put(store, "outer")
            with store.write():
                put(store, "inner")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_both()
    assert store.settings.get("outer") is None
    assert store.settings.get("inner") is None


def test_after_a_failure_the_next_write_works(store: SqliteStore) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.write():
        store.database.connection.execute("INSERT INTO agents (slug) VALUES (NULL)")
    with store.write():
        put(store, "after")
    assert store.settings.get("after") == "1"


def test_readers_are_told_once_and_after_the_commit(tmp_path: Path) -> None:
    seen: list[str | None] = []
    other = new_store(tmp_path / "bridge.db")
    store = new_store(tmp_path / "bridge.db", lambda: seen.append(other.settings.get("colour")))
    with store.write():
        put(store, "colour")
        store.database.announce()
        with store.write():
            store.database.announce()
        assert seen == []
    assert seen == ["1"]


def test_a_write_without_events_or_without_commit_tells_nobody(
    store: SqliteStore, commits: CommitCounter
) -> None:
    def announce_and_fail() -> None:
        with store.write():
            store.database.announce()
            raise ZeroDivisionError

    with store.write():
        put(store, "colour")
    with pytest.raises(ZeroDivisionError):
        announce_and_fail()
    with store.write():
        put(store, "colour", "2")
    assert commits.count == 0


def test_a_snapshot_is_of_one_moment(store: SqliteStore, tmp_path: Path) -> None:
    other = new_store(tmp_path / "bridge.db")
    with store.snapshot():
        assert store.settings.get("colour") is None
        with other.write():
            put(other, "colour")
        assert store.settings.get("colour") is None
    assert store.settings.get("colour") == "1"


def test_threads_write_one_after_the_other(store: SqliteStore) -> None:
    def count_up() -> None:
        for _ in range(10):
            with store.write():
                put(store, "count", str(int(store.settings.get("count") or 0) + 1))

    threads = [in_thread(count_up) for _ in range(6)]
    for thread, _ in threads:
        thread.join()
    assert store.settings.get("count") == "60"


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("trusted_schema", 0),
     ("secure_delete", 1), ("busy_timeout", 5000), ("wal_autocheckpoint", 0)],
)  # fmt: skip
def test_every_connection_has_the_settings(store: SqliteStore, pragma: str, value: object) -> None:
    found: list[object] = []

    def look() -> None:
        found.append(store.database.connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    look()
    in_thread(look)[0].join()
    assert found == [value, value]


def test_a_full_disk_is_a_fact_and_changes_nothing(store: SqliteStore) -> None:
    connection = store.database.writer.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 2}")

    def write_both() -> None:
        with store.write():
            put(store, "small")
            put(store, "huge", "x" * 200_000)

    with pytest.raises(OutOfSpace):
        write_both()
    assert store.settings.get("small") is None
    connection.execute("PRAGMA max_page_count=100000")
    write_both()


class TestAnotherProcess:
    """F7: what happens to us when somebody else keeps the database to themselves."""

    def test_that_writes_for_a_moment_only_slows_us(
        self, store: SqliteStore, tmp_path: Path
    ) -> None:
        with holding(HOLD_DATABASE, tmp_path / "bridge.db") as other:
            assert other.stdin is not None
            threading.Timer(0.3, other.stdin.close).start()
            with store.write():
                put(store, "colour")
        assert store.settings.get("colour") == "1"

    def test_that_writes_for_long_makes_us_say_busy_and_lets_us_read(
        self, store: SqliteStore, tmp_path: Path
    ) -> None:
        store.database.writer.connection.execute("PRAGMA busy_timeout=100")
        with holding(HOLD_DATABASE, tmp_path / "bridge.db"):
            with pytest.raises(DatabaseBusy) as caught, store.write():
                put(store, "colour")
            store.ping()
            assert store.settings.get("colour") is None
        assert caught.value.status == 503
        with store.write():
            put(store, "colour")

    def test_that_was_stopped_with_the_lock_gives_busy_and_no_hang(
        self, store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One thread waits on; whoever comes behind it is told."""
        assert writing.LOCK_PATIENCE_SECONDS <= 5
        monkeypatch.setattr(writing, "LOCK_PATIENCE_SECONDS", 0.5)

        def write() -> None:
            with store.write():
                put(store, "colour")

        with holding(HOLD_LOCK, tmp_path / "bridge.db.lock") as other:
            other.send_signal(signal.SIGSTOP)
            callers = [in_thread(write) for _ in range(4)]
            await_true(lambda: sum(thread.is_alive() for thread, _ in callers) == 1)
            refused = [outcome for _, outcome in callers if outcome]
            store.ping()
        for thread, _ in callers:
            thread.join(10)
        assert len(refused) == 3
        assert all(isinstance(outcome[0], DatabaseBusy) for outcome in refused)
        write()
        assert store.settings.get("colour") == "1"
