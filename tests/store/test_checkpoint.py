"""The write-ahead log stays short, whoever reads, and nobody waits for it."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat_bridge.store import SqliteStore, checkpoint, writing
from chat_bridge.store.checkpoint import Checkpointer
from tests.builders import new_store
from tests.patience import await_true
from tests.store.other_process import HOLD_LOCK, holding


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "EVERY_SECONDS", 0.5)


@pytest.fixture
def keeper(store: SqliteStore, quick: None) -> Iterator[Checkpointer]:
    keeper = Checkpointer(store.database)
    keeper.start()
    yield keeper
    keeper.stop()
    keeper._thread.join(5)


def log_size(store: SqliteStore) -> int:
    path = store.database.path
    return path.with_name(path.name + "-wal").stat().st_size


def write(store: SqliteStore, text: str) -> None:
    with store.write():
        store.settings.put("text", text, description="", secret=False, now="2026-11-21")


@pytest.mark.usefixtures("keeper")
def test_the_log_is_emptied(store: SqliteStore) -> None:
    write(store, "x" * 300_000)
    assert log_size(store) > 0
    await_true(lambda: log_size(store) == 0)


@pytest.mark.usefixtures("keeper")
def test_an_open_reader_stalls_no_writer(store: SqliteStore) -> None:
    write(store, "first")
    reader = sqlite3.connect(store.database.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM system_config").fetchall()
    slowest = 0.0
    until = time.monotonic() + 2.0
    while time.monotonic() < until:
        began = time.monotonic()
        write(store, "y" * 100_000)
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.02)
    assert slowest < writing.LOCK_PATIENCE_SECONDS - 1
    reader.execute("COMMIT")
    reader.close()
    await_true(lambda: log_size(store) == 0)


def test_a_busy_lock_does_not_end_the_work(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, quick: None
) -> None:
    monkeypatch.setattr(writing, "LOCK_PATIENCE_SECONDS", 0.2)
    keeper = Checkpointer(store.database)
    write(store, "x" * 300_000)
    with store.database.lock():
        keeper.start()
        time.sleep(1.5)
    assert keeper._thread.is_alive()
    await_true(lambda: log_size(store) == 0)
    keeper.stop()


@pytest.mark.usefixtures("quick")
def test_one_process_owns_it_and_the_next_inherits(store: SqliteStore, tmp_path: Path) -> None:
    other = new_store(tmp_path / "bridge.db")
    keeper = Checkpointer(other.database)
    with holding(HOLD_LOCK, tmp_path / "maintenance.lock"):
        keeper.start()
        write(store, "x" * 300_000)
        time.sleep(1.5)
        assert log_size(store) > 0
    await_true(lambda: log_size(store) == 0)
    keeper.stop()
