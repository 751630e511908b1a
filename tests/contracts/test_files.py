"""What everybody relies on in a place for bytes, whichever one it is."""

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chat_bridge.errors import TooLarge
from chat_bridge.files import FolderFiles
from chat_bridge.ports import Files

ROWS = b"name,city\nAda,London\n"
PLACES: dict[str, Callable[[Path], Files]] = {"folder": FolderFiles}


@pytest.fixture(params=PLACES)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    return PLACES[request.param](tmp_path)


def add(files: Files, content: bytes = ROWS) -> str:
    return files.add(io.BytesIO(content), 1 << 30).sha256


def test_bytes_come_back_under_their_own_name(files: Files) -> None:
    blob = files.add(io.BytesIO(ROWS), len(ROWS))
    assert blob.sha256 == hashlib.sha256(ROWS).hexdigest()
    assert (blob.size, blob.path.read_bytes()) == (len(ROWS), ROWS)
    assert files.path(blob.sha256) == blob.path


def test_the_same_bytes_are_kept_once(files: Files) -> None:
    assert add(files) == add(files)
    assert files.path(add(files)).read_bytes() == ROWS


def test_no_bytes_at_all_are_bytes_too(files: Files) -> None:
    assert files.path(add(files, b"")).read_bytes() == b""


def test_one_byte_too_many_is_refused_and_leaves_nothing(files: Files, tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        files.add(io.BytesIO(ROWS), len(ROWS) - 1)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_stream_that_breaks_leaves_nothing(files: Files, tmp_path: Path) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.add(Breaking(), 100)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_finished_file_is_adopted(files: Files) -> None:
    path = files.work_dir() / "result"
    path.write_bytes(ROWS)
    blob = files.adopt(path)
    assert (blob.sha256, blob.size) == (hashlib.sha256(ROWS).hexdigest(), len(ROWS))
    assert files.path(blob.sha256).read_bytes() == ROWS


def test_adopting_known_bytes_is_no_error(files: Files) -> None:
    known = add(files)
    path = files.work_dir() / "result"
    path.write_bytes(ROWS)
    assert files.adopt(path).sha256 == known


def test_a_link_shows_the_bytes_and_may_replace_another(files: Files, tmp_path: Path) -> None:
    for content in (b"old", ROWS):
        files.link(files.add(io.BytesIO(content), 100), "2026/11/chat/uploads", "list.csv")
    (shown,) = tmp_path.rglob("list.csv")
    assert shown.read_bytes() == ROWS


@pytest.mark.parametrize("folder", ["..", "../other", "a/../../b", "/etc", "", "."])
def test_no_folder_leads_out_of_the_tree(files: Files, folder: str) -> None:
    blob = files.add(io.BytesIO(ROWS), 100)
    with pytest.raises(ValueError, match="leaves the tree"):
        files.link(blob, folder, "list.csv")
    with pytest.raises(ValueError, match="leaves the tree"):
        files.unlink_tree(folder)


def test_a_folder_goes_and_the_bytes_stay(files: Files, tmp_path: Path) -> None:
    blob = files.add(io.BytesIO(ROWS), 100)
    files.link(blob, "2026/11/mine/uploads", "mine.csv")
    files.link(blob, "2026/11/hers/uploads", "hers.csv")
    files.unlink_tree("2026/11/mine")
    files.unlink_tree("2026/11/mine")
    assert not list(tmp_path.rglob("mine.csv"))
    assert list(tmp_path.rglob("hers.csv"))
    assert files.path(blob.sha256).read_bytes() == ROWS


def test_forgotten_bytes_are_gone_and_may_come_back(files: Files) -> None:
    sha256 = add(files)
    files.forget(sha256)
    files.forget(sha256)
    assert not files.path(sha256).exists()
    assert files.path(add(files)).read_bytes() == ROWS


def test_old_bytes_are_listed_as_settled_and_young_ones_are_not(files: Files) -> None:
    sha256 = add(files)
    assert list(files.settled(60)) == []
    assert list(files.settled(-1)) == [sha256]


def test_bytes_that_come_again_are_young_again(files: Files) -> None:
    sha256 = add(files)
    os.utime(files.path(sha256), (0, 0))
    assert list(files.settled(60)) == [sha256]
    add(files)
    assert list(files.settled(60)) == []


def test_each_run_gets_a_folder_of_its_own(files: Files) -> None:
    first, second = files.work_dir(), files.work_dir()
    assert first != second
    assert first.is_dir()
    assert first.stat().st_mode & 0o077 == 0


def test_it_can_be_asked_whether_it_works(files: Files) -> None:
    files.ping()
    assert files.free_bytes() > 0
