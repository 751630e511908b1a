"""Slices of a window: few writes, no number twice, and nothing allowed beyond the quota."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from chat_bridge.store import SqliteStore, slices
from chat_bridge.store.counters import Counters
from chat_bridge.store.slices import Slices
from tests.builders import QUERIES

HITTING = """
import sys
from pathlib import Path
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
import chat_bridge.store.limits
from chat_bridge.store.counters import Counters
counters = Counters(Path(sys.argv[1]), Path(sys.argv[2]))
limiter = FixedWindowRateLimiter(storage_from_string("bridge://", counters=counters))
quota = parse("1000/hour")
print(sum(limiter.hit(quota, "ada", "messages") for _ in range(600)))
"""


@pytest.fixture
def counters(store: SqliteStore) -> Counters:
    return Counters(store.database.path, QUERIES)


def test_a_slice_is_written_once(counters: Counters) -> None:
    taken = Slices(counters)
    assert [taken.count("a", "ada", 60, 10).requests for _ in range(12)] == list(range(1, 13))
    assert counters.read("a", "ada").requests == 20


def test_two_processes_never_count_the_same_number(counters: Counters) -> None:
    one, two = Slices(counters), Slices(counters)
    numbers = [
        taken.count("a", "ada", 60, 5).requests for _ in range(20) for taken in (one, two, two)
    ]
    assert len(set(numbers)) == len(numbers) == 60


def test_a_window_that_ended_takes_its_slices_along(
    counters: Counters, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = Slices(counters)
    ends = taken.count("a", "ada", 60, 10).ends
    monkeypatch.setattr(slices.time, "time", lambda: ends + 1)
    monkeypatch.setattr("chat_bridge.store.counters._now", lambda: int((ends + 1) * 1000))
    assert taken.count("a", "ada", 60, 10).requests == 1


def test_a_clock_set_back_ends_a_slice(counters: Counters, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = Slices(counters)
    ends = taken.count("a", "ada", 60, 10).ends
    monkeypatch.setattr(slices.time, "time", lambda: ends - 3600)
    monkeypatch.setattr("chat_bridge.store.counters._now", lambda: int((ends - 3600) * 1000))
    assert taken.count("a", "ada", 60, 10).ends == pytest.approx(ends - 3540, abs=0.01)


def test_threads_that_start_together_share_a_slice(counters: Counters) -> None:
    taken = Slices(counters)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: taken.count("a", "ada", 60, 100).requests, range(64)))
    assert sorted(found) == list(range(1, 65))
    assert counters.read("a", "ada").requests == 100


def test_many_callers_do_not_fill_the_memory(
    counters: Counters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "MOST_SLICES", 3)
    taken = Slices(counters)
    for name in ("ada", "grace", "alan", "edsger", "barbara"):
        assert taken.count("a", name, 60, 4).requests == 1
    assert len(taken._slices) <= 3


def test_a_small_quota_is_exact(counters: Counters) -> None:
    limiter = FixedWindowRateLimiter(storage_from_string("bridge://", counters=counters))  # type: ignore[arg-type]  # passed on as it is
    quota = parse("150/minute")
    assert sum(limiter.hit(quota, "ada", "messages") for _ in range(200)) == 150
    assert counters.read("messages/150/1/minute", "ada").requests == 200


def test_four_processes_keep_a_quota_to_a_few_in_a_hundred(store: SqliteStore) -> None:
    command = [sys.executable, "-c", HITTING, str(store.database.path), str(QUERIES)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    passed = sum(int(process.communicate(timeout=60)[0]) for process in running)
    assert 950 <= passed <= 1000
