import os

import pytest

from chat_bridge.push import shares as module
from chat_bridge.push.shares import Shares


def test_a_worker_alone_is_never_ahead() -> None:
    shares = Shares()
    shares.tell(1, 40)
    assert shares.least_of_others(1) > 1_000_000


def test_the_least_of_the_others_counts() -> None:
    shares = Shares()
    for worker, connections in ((1, 9), (2, 4), (3, 7)):
        shares.tell(worker, connections)
    assert shares.least_of_others(1) == 4
    assert shares.least_of_others(2) == 7


def test_a_forked_process_tells_its_parent() -> None:
    shares = Shares()
    child = os.fork()
    if child == 0:
        shares.tell(2, 5)
        os._exit(0)
    os.waitpid(child, 0)
    assert shares.least_of_others(1) == 5


def test_a_worker_that_has_gone_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = Shares()
    shares.tell(2, 0)
    monkeypatch.setattr(module, "FRESH_SECONDS", -1.0)
    assert shares.least_of_others(1) > 1_000_000
