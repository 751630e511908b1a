"""What everybody relies on in a wake-up, whichever one it is: it may be lost, and never fails."""

import select
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from chat_bridge.ports import Wakeup
from chat_bridge.store.wakeup import UnixWakeup

WAKEUPS: dict[str, Callable[[Path], AbstractContextManager[Wakeup]]] = {
    "unix": lambda folder: closing(UnixWakeup(folder)),
}


@pytest.fixture(params=WAKEUPS)
def wakeup(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Wakeup]:
    with WAKEUPS[request.param](tmp_path) as wakeup:
        yield wakeup


def test_every_listener_hears(wakeup: Wakeup) -> None:
    listeners = [wakeup.listen() for _ in range(3)]
    wakeup.notify()
    wakeup.notify(b"typing")
    for listener in listeners:
        assert select.select([listener.fileno()], [], [], 2)[0]
        assert listener.drain() == [b"", b"typing"]
        assert listener.drain() == []
        listener.close()


def test_nobody_listening_is_no_error(wakeup: Wakeup) -> None:
    wakeup.notify()
    wakeup.listen().close()
    wakeup.notify()


def test_a_listener_that_never_looks_holds_nobody_up(wakeup: Wakeup) -> None:
    listener = wakeup.listen()
    for _ in range(5_000):
        wakeup.notify(b"x" * 1_000)
    assert listener.drain()
    listener.close()


def test_a_place_that_was_tidied_away_is_no_error(wakeup: Wakeup, tmp_path: Path) -> None:
    """At a log-out, perhaps: the message is stored, and its sender must hear so."""
    listener = wakeup.listen()
    shutil.rmtree(tmp_path)
    wakeup.notify()
    listener.close()
