"""Snapshots: whole, of one moment, and never half there."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from chat_bridge.errors import OutOfSpace, SnapshotDamaged
from chat_bridge.store import SqliteStore, snapshots
from chat_bridge.store.snapshots import Snapshots


@pytest.fixture
def folder(store: SqliteStore, tmp_path: Path) -> Snapshots:
    return Snapshots(store.database.path, tmp_path / "snapshots")


def put(store: SqliteStore, key: str) -> None:
    with store.write():
        store.settings.put(key, "x", description="", secret=False, now="2026-01-01T00:00:00.000Z")


def settings_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT COUNT(*) FROM system_config WHERE config_key LIKE 'k%'")
        return int(found.fetchone()[0])


def test_a_snapshot_holds_what_was_committed(
    store: SqliteStore, folder: Snapshots, tmp_path: Path
) -> None:
    put(store, "k1")
    taken = folder.take()
    put(store, "k2")
    path = folder.path(taken.name)
    assert path is not None
    assert settings_in(path) == 1
    assert path.stat().st_mode & 0o777 == 0o600
    assert taken.size == path.stat().st_size
    assert [entry.name for entry in (tmp_path / "snapshots").iterdir()] == [taken.name]


def test_writers_go_on_meanwhile(store: SqliteStore, folder: Snapshots) -> None:
    done = threading.Event()
    written = []

    def write() -> None:
        while not done.is_set():
            put(store, f"k{len(written)}")
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        before = len(written)
        found = [settings_in(folder.path(folder.take().name) or Path()) for _ in range(3)]
    finally:
        done.set()
        writer.join()
    assert before <= found[0] <= found[1] <= found[2] <= len(written)


def test_the_newest_comes_first_and_strangers_are_left_alone(
    folder: Snapshots, tmp_path: Path
) -> None:
    assert folder.all() == []
    names = [folder.take().name for _ in range(3)]
    (tmp_path / "snapshots" / "notes.txt").write_text("mine")
    assert [snapshot.name for snapshot in folder.all()] == names[::-1]
    folder.forget(names[1])
    folder.forget("notes.txt")
    assert [snapshot.name for snapshot in folder.all()] == [names[2], names[0]]
    assert (tmp_path / "snapshots" / "notes.txt").exists()


@pytest.mark.parametrize("name", ["../bridge.db", "notes.txt", "", "bridge-1.db"])
def test_only_snapshots_have_a_path(folder: Snapshots, name: str) -> None:
    folder.take()
    assert folder.path(name) is None


def test_a_damaged_copy_is_not_kept(
    folder: Snapshots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(self: Snapshots, target: Path) -> None:
        content = self._database.read_bytes()
        target.write_bytes(content[: len(content) // 2])

    monkeypatch.setattr(Snapshots, "_copy", half)
    with pytest.raises(SnapshotDamaged):
        folder.take()
    assert list((tmp_path / "snapshots").iterdir()) == []


def test_a_full_disk_is_said_before_anything_is_written(
    folder: Snapshots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        f_bavail = 1
        f_frsize = os.sysconf("SC_PAGE_SIZE")

    monkeypatch.setattr(snapshots.os, "statvfs", lambda _: Full)
    with pytest.raises(OutOfSpace):
        folder.take()
    assert list((tmp_path / "snapshots").iterdir()) == []


KILLED = """
import os, sys
from pathlib import Path
from chat_bridge.store import snapshots
snapshots._check = lambda path: os._exit(137)
snapshots.Snapshots(Path(sys.argv[1]), Path(sys.argv[2])).take()
"""


def test_a_killed_one_is_never_listed_and_goes_in_time(
    store: SqliteStore, folder: Snapshots, tmp_path: Path
) -> None:
    put(store, "k1")
    command = [sys.executable, "-c", KILLED, str(store.database.path), str(tmp_path / "snapshots")]
    assert subprocess.run(command, check=False).returncode == 137
    (half,) = (tmp_path / "snapshots").iterdir()
    assert folder.all() == []
    taken = folder.take()
    assert half.exists()
    os.utime(half, (0, 0))
    again = folder.take()
    assert [snapshot.name for snapshot in folder.all()] == [again.name, taken.name]
    assert not half.exists()
