"""How the folder on disk is kept: private, whole, and tidy after a crash."""

import io
import os
import threading
from pathlib import Path

import pytest

from chat_bridge.files import FolderFiles

ROWS = b"name,city\nAda,London\n"


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path)


def test_nobody_else_may_look_in(files: FolderFiles, tmp_path: Path) -> None:
    files.link(files.add(io.BytesIO(ROWS), 100), "2026/11/chat/uploads", "list.csv")
    for name in ("blobs/incoming", "workflows", "work", "workflows/2026/11/chat/uploads"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_a_link_costs_no_space(files: FolderFiles, tmp_path: Path) -> None:
    blob = files.add(io.BytesIO(ROWS), 100)
    files.link(blob, "2026/11/chat/uploads", "list.csv")
    linked = tmp_path / "workflows" / "2026" / "11" / "chat" / "uploads" / "list.csv"
    assert linked.stat().st_ino == blob.path.stat().st_ino


def test_bytes_reach_the_disk_before_their_name(
    files: FolderFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename
    monkeypatch.setattr(os, "fsync", lambda fd: (done.append("fsync"), fsync(fd))[1])
    monkeypatch.setattr(Path, "rename", lambda s, t: (done.append("rename"), rename(s, t))[1])
    files.add(io.BytesIO(ROWS), 100)
    assert done[:2] == ["fsync", "rename"]
    assert done[2:]
    assert set(done[2:]) == {"fsync"}


def test_uploads_cut_short_by_a_crash_are_tidied_away(files: FolderFiles, tmp_path: Path) -> None:
    rest = tmp_path / "blobs" / "incoming" / "half-an-upload"
    rest.write_bytes(b"half")
    assert list(files.settled(60)) == []
    assert rest.exists()
    os.utime(rest, (0, 0))
    assert list(files.settled(60)) == []
    assert not rest.exists()


def test_the_same_bytes_from_many_at_once(files: FolderFiles, tmp_path: Path) -> None:
    found: list[str] = []
    start = threading.Barrier(8)

    def add() -> None:
        start.wait()
        found.append(files.add(io.BytesIO(ROWS * 1_000), 1 << 20).sha256)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 8
    assert files.path(found[0]).read_bytes() == ROWS * 1_000
    assert not list((tmp_path / "blobs" / "incoming").iterdir())
