"""The disk of the files is full, or fails, in the middle of an upload or of a run's output
(reliability: F11, F12): a clear refusal, no row, no half a file, and the next try succeeds."""

import errno
import io
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chat_bridge.errors import FilesFailing, OutOfSpace
from tests.builders import ADAS_CHAT, House, new_house

CONTENT = b"name,city\n" + b"Ada,London\n" * 30_000
EVERY = [
    pytest.param(4_096, marks=pytest.mark.faults, id="every page"),
    pytest.param(100_000, id="some pages"),
]
CALLS = ("open", "fsync", "rename", "mkdir", "link")
KINDS = {errno.ENOSPC: OutOfSpace, errno.EDQUOT: OutOfSpace, errno.EIO: FilesFailing}


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = new_house(tmp_path)
    made.say("Hello")
    return made


def stored(house: House) -> list[Path]:
    """Files with bytes, finished or not."""
    folders = ("blobs", "workflows")
    return [path for one in folders for path in (house.folder / one).rglob("*") if path.is_file()]


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """For real: the kernel refuses the byte after."""
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("step", EVERY)
def test_an_upload_that_does_not_fit(house: House, step: int) -> None:
    for size in range(0, len(CONTENT), step):
        with no_file_above(size), pytest.raises(OutOfSpace):
            house.attachments.receive(io.BytesIO(CONTENT))
        assert stored(house) == []
    assert house.attachments.spreadsheets(ADAS_CHAT) == []
    assert house.upload("list.csv", CONTENT).size == len(CONTENT)


def failing(
    monkeypatch: pytest.MonkeyPatch, call: str, number: int, code: int
) -> Callable[[], bool]:
    """The call fails the given number of times in; tells whether it was reached."""
    module = Path if call in ("rename", "mkdir") else os
    real, calls = getattr(module, call), 0

    def sometimes(*given: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls == number:
            raise OSError(code, os.strerror(code))
        return real(*given, **more)

    monkeypatch.setattr(module, call, sometimes)
    return lambda: calls >= number


@pytest.mark.parametrize("code", KINDS)
@pytest.mark.parametrize("call", CALLS)
def test_each_call_fails_once(house: House, call: str, code: int) -> None:
    number, failed = 0, 0
    while True:
        number += 1
        with pytest.MonkeyPatch.context() as patch:
            reached = failing(patch, call, number, code)
            name = f"{number}.csv"
            try:
                house.upload(name, CONTENT + name.encode())
            except KINDS[code]:
                failed += 1
        if not reached():
            break
        names = [file.name for file in house.attachments.spreadsheets(ADAS_CHAT)]
        assert name not in names
        assert not list((house.folder / "blobs" / "incoming").iterdir())
        assert house.upload(name, CONTENT + name.encode()).name == name
    assert failed == number - 1 > 0


@pytest.mark.parametrize("code", KINDS)
def test_an_output_that_cannot_be_kept(house: House, code: int) -> None:
    """The worker's file waits where it is; a second try keeps it."""
    output = house.files.work_dir() / "result.csv"
    output.write_bytes(CONTENT)
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, "fsync", 1, code)
        with pytest.raises(KINDS[code]):
            house.files.adopt(output)
    assert stored(house) == []
    assert house.files.adopt(output).size == len(CONTENT)
