"""Threads that meet at the lock share a commit, and nothing else."""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from chat_bridge.errors import OutOfSpace
from chat_bridge.store import SqliteStore, writing
from chat_bridge.store.connection import connect
from tests.patience import LONG, await_true

Act = Callable[[], None]


def put(store: SqliteStore, key: str, value: str = "1") -> None:
    store.settings.put(key, value, description="", secret=False, now="2026-11-21T12:00:00.000Z")


def queued(store: SqliteStore, *acts: Act) -> list[BaseException | None]:
    """Each act in a write of its own, all of them waiting while another thread writes."""
    outcomes: list[BaseException | None] = [None] * len(acts)

    def run(index: int, act: Act) -> None:
        try:
            with store.write():
                act()
        except (ValueError, OutOfSpace, sqlite3.Error) as error:
            outcomes[index] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    with store.write():
        put(store, "first")
        for thread in threads:
            thread.start()
        await_true(lambda: store.database.writer.waiting == len(acts))
        time.sleep(2 * writing.LONGEST_GROUP_SECONDS)  # the first one commits by itself
    for thread in threads:
        thread.join(LONG)
    return outcomes


def commits(store: SqliteStore, *acts: Act) -> tuple[int, list[BaseException | None]]:
    told: list[str] = []
    store.database.writer.connection.set_trace_callback(told.append)
    outcomes = queued(store, *acts)
    store.database.writer.connection.set_trace_callback(None)
    return told.count("COMMIT"), outcomes


def test_three_that_wait_need_one_commit(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LONGEST_GROUP_SECONDS", 1.0)
    count, outcomes = commits(store, *(partial(put, store, key) for key in "abc"))
    assert outcomes == [None, None, None]
    assert count == 2  # the first one's and theirs
    assert [store.settings.get(key) for key in "abc"] == ["1", "1", "1"]


def test_a_member_that_fails_takes_back_its_own_statements_only(store: SqliteStore) -> None:
    def fail() -> None:
        put(store, "bad")
        raise ValueError("on purpose")

    outcomes = queued(store, lambda: put(store, "a"), fail, lambda: put(store, "c"))
    assert [type(outcome) for outcome in outcomes] == [type(None), ValueError, type(None)]
    assert [store.settings.get(key) for key in ("a", "bad", "c")] == ["1", None, "1"]


def test_nobody_returns_before_the_commit(store: SqliteStore, tmp_path: Path) -> None:
    seen: list[int] = []

    def write_then_look(key: str) -> None:
        with store.write():
            put(store, key)
        with closing(connect(tmp_path / "bridge.db")) as other:
            asked = "SELECT COUNT(*) FROM system_config WHERE config_key = ?"
            seen.append(other.execute(asked, (key,)).fetchone()[0])

    threads = [threading.Thread(target=write_then_look, args=(f"k{i}",)) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert seen == [1] * 16


def test_when_the_disk_is_full_no_member_has_stored_anything(store: SqliteStore) -> None:
    connection = store.database.writer.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]

    connection.execute(f"PRAGMA max_page_count={pages + 3}")
    outcomes = queued(store, *(partial(put, store, f"big{i}", "x" * 60_000) for i in range(3)))
    connection.execute("PRAGMA max_page_count=100000")
    stored = [store.settings.get(f"big{i}") is not None for i in range(3)]
    refused = [outcome is not None for outcome in outcomes]
    assert any(refused)
    assert [not gone for gone in refused] == stored
    with store.write():
        put(store, "after")
    assert store.settings.get("after") == "1"


def test_a_checkpoint_in_the_queue_commits_what_was_left_to_it(store: SqliteStore) -> None:
    finished = threading.Event()

    def checkpoint() -> None:
        with store.database.lock():
            finished.set()

    other = threading.Thread(target=checkpoint)
    with store.write():
        put(store, "first")
        other.start()
        await_true(lambda: store.database.writer.waiting == 1)
    assert finished.wait(LONG)
    other.join(LONG)
    assert store.settings.get("first") == "1"
    with store.write():
        put(store, "second")
    assert store.settings.get("second") == "1"
