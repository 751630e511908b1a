import os
import select
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat_bridge.errors import BadSetting
from chat_bridge.store.wakeup import UnixWakeup, runtime_dir_for


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    base = Path("/tmp") / f"wakeup-{os.getpid()}"  # tmp_path is too long for a socket's path
    base.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(base))
    yield runtime_dir_for(tmp_path / "data")
    shutil.rmtree(base)


@pytest.fixture
def wakeup(folder: Path) -> Iterator[UnixWakeup]:
    found = UnixWakeup(folder)
    yield found
    found.close()


@pytest.fixture
def other(folder: Path) -> Iterator[UnixWakeup]:
    found = UnixWakeup(folder)
    yield found
    found.close()


def test_every_listener_hears_and_what_was_said_arrives(
    wakeup: UnixWakeup, other: UnixWakeup
) -> None:
    first, second = wakeup.listen(), other.listen()
    wakeup.notify()
    other.notify(b'{"kind":"typing"}')
    for listener in (first, second):
        assert select.select([listener.fileno()], [], [], 1)[0]
        assert listener.drain() == [b"", b'{"kind":"typing"}']
        assert listener.drain() == []
        listener.close()


def test_a_listener_that_came_later_is_found(wakeup: UnixWakeup, other: UnixWakeup) -> None:
    first = wakeup.listen()
    wakeup.notify()
    second = other.listen()
    time.sleep(1.1)  # in the worst case both changes of the folder share one timestamp
    wakeup.notify()
    assert second.drain() == [b""]
    first.close()
    second.close()


def test_a_dead_process_is_cleared_away(wakeup: UnixWakeup) -> None:
    gone = wakeup.listen()
    gone.socket.close()
    assert gone.path.exists()
    wakeup.notify()
    assert not gone.path.exists()
    wakeup.notify()


def test_a_full_receiver_does_not_hold_up_the_sender(wakeup: UnixWakeup) -> None:
    listener = wakeup.listen()
    began = time.monotonic()
    for _ in range(5_000):
        wakeup.notify()
    assert time.monotonic() - began < 10  # a sender that waited would do so for ever
    assert listener.drain()
    listener.close()


def test_the_folder_is_short_private_and_stable(tmp_path: Path, folder: Path) -> None:
    assert runtime_dir_for(tmp_path / "data") == folder
    assert runtime_dir_for(tmp_path / "other") != folder
    assert folder.stat().st_mode & 0o777 == 0o700
    deep = tmp_path / ("x" * 100) / ("y" * 100)
    assert len(str(runtime_dir_for(deep))) < 80


def test_a_folder_others_can_write_is_refused(tmp_path: Path, folder: Path) -> None:
    folder.chmod(0o777)
    with pytest.raises(BadSetting):
        runtime_dir_for(tmp_path / "data")


def test_a_link_in_its_place_is_refused(tmp_path: Path, folder: Path) -> None:
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(BadSetting):
        runtime_dir_for(tmp_path / "data")
