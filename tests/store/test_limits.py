"""Counting requests: exact over threads and processes, in windows, and never in the way."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from chat_bridge.store import SqliteStore
from chat_bridge.store import counters as counting
from chat_bridge.store.counters import Counters
from chat_bridge.store.limits import Failures
from tests.builders import QUERIES

COUNTING = """
import sys
from pathlib import Path
from chat_bridge.store.counters import Counters
counters = Counters(Path(sys.argv[1]), Path(sys.argv[2]))
for _ in range(200):
    counters.add("messages", "ada", 60)
"""


@pytest.fixture
def counters(store: SqliteStore) -> Counters:
    return Counters(store.database.path, QUERIES)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    return lambda now: monkeypatch.setattr(counting, "_now", lambda: now)


def test_each_endpoint_and_each_caller_has_a_count(counters: Counters) -> None:
    for endpoint, who, expected in (
        ("a", "ada", 1),
        ("a", "ada", 2),
        ("b", "ada", 1),
        ("a", "x", 1),
    ):
        assert counters.add(endpoint, who, 60).requests == expected
    assert counters.read("a", "ada").requests == 2
    assert counters.read("c", "ada").requests == 0


def test_a_window_begins_with_its_first_request(
    counters: Counters, at: Callable[[int], None]
) -> None:
    at(1_000_000)
    assert counters.add("a", "ada", 60).ends == 1_060.0
    at(1_059_999)
    assert counters.add("a", "ada", 60) == counters.read("a", "ada")
    assert counters.read("a", "ada").requests == 2
    at(1_060_000)
    assert counters.read("a", "ada").requests == 0
    again = counters.add("a", "ada", 60)
    assert (again.requests, again.ends) == (1, 1_120.0)


def test_a_clock_set_back_locks_nobody_out(counters: Counters, at: Callable[[int], None]) -> None:
    at(9_000_000)
    counters.add("a", "ada", 60, amount=500)
    at(1_000_000)
    count = counters.add("a", "ada", 60)
    assert (count.requests, count.ends) == (1, 1_060.0)


def test_four_processes_count_exactly(store: SqliteStore, counters: Counters) -> None:
    command = [sys.executable, "-c", COUNTING, str(store.database.path), str(QUERIES)]
    running = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    assert counters.read("messages", "ada").requests == 800


def test_threads_count_exactly_beside_a_writer(store: SqliteStore, counters: Counters) -> None:
    def work(number: int) -> None:
        for _ in range(25):
            counters.add("messages", "ada", 60)
            with store.write():
                store.settings.put(
                    f"key{number}", "x", description="", secret=False, now=f"{number}"
                )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert counters.read("messages", "ada").requests == 200


def test_windows_that_are_over_are_forgotten(
    store: SqliteStore, counters: Counters, monkeypatch: pytest.MonkeyPatch
) -> None:
    counters.add("a", "ada", 0)
    time.sleep(0.01)
    monkeypatch.setattr(counting, "FORGET_EVERY_SECONDS", -1.0)
    counters.add("a", "grace", 60)
    found = store.database.connection.execute("SELECT ip_address FROM rate_limits").fetchall()
    assert [row[0] for row in found] == ["grace"]


class TestTheLibrarysStorage:
    @pytest.fixture
    def limiter(self, counters: Counters) -> FixedWindowRateLimiter:
        options = {"counters": counters}
        return FixedWindowRateLimiter(storage_from_string("bridge://", **options))  # type: ignore[arg-type]  # passed on as it is

    def test_refuses_what_is_over_the_quota(self, limiter: FixedWindowRateLimiter) -> None:
        quota = parse("3/minute")
        assert [limiter.hit(quota, "ada", "messages") for _ in range(5)] == [True] * 3 + [False] * 2
        assert limiter.hit(quota, "grace", "messages")
        stats = limiter.get_window_stats(quota, "ada", "messages")
        assert stats.remaining == 0
        assert 30 < stats.reset_time - time.time() <= 60

    @pytest.mark.parametrize("amount", [3, 400])
    def test_begins_anew_for_somebody(self, limiter: FixedWindowRateLimiter, amount: int) -> None:
        """Also where numbers were taken in slices."""
        quota = parse(f"{amount}/minute")
        for who in ("ada", "grace"):
            for _ in range(amount):
                assert limiter.hit(quota, who, "messages")
        limiter.clear(quota, "ada", "messages")
        assert limiter.get_window_stats(quota, "ada", "messages").remaining == amount
        assert limiter.hit(quota, "ada", "messages")
        assert not limiter.hit(quota, "grace", "messages")

    def test_begins_anew_for_everybody_and_forgets_no_wrong_key(
        self, limiter: FixedWindowRateLimiter, counters: Counters
    ) -> None:
        wrong = Failures(counters, parse("1/minute"))
        wrong.failed("ada")
        quotas = (parse("1/minute"), parse("400/minute"))
        for quota in quotas:
            assert limiter.hit(quota, "ada", "messages", cost=quota.amount)
        assert limiter.storage.reset() == 2
        assert [limiter.hit(quota, "ada", "messages") for quota in quotas] == [True, True]
        assert wrong.wait("ada") > 0

    def test_says_whether_it_can_count(
        self, limiter: FixedWindowRateLimiter, store: SqliteStore
    ) -> None:
        assert limiter.storage.check()
        with store.write():
            store.database.connection.execute("DROP TABLE rate_limits")
        assert not limiter.storage.check()

    def test_lets_everybody_pass_when_it_cannot_count(
        self, limiter: FixedWindowRateLimiter, store: SqliteStore
    ) -> None:
        with store.write():
            store.database.connection.execute("DROP TABLE rate_limits")
        quota = parse("1/minute")
        assert [limiter.hit(quota, "ada", "messages") for _ in range(3)] == [True] * 3
        assert limiter.get_window_stats(quota, "ada", "messages").remaining == 1


def test_wrong_keys_close_the_door_for_a_while(counters: Counters) -> None:
    wrong = Failures(counters, parse("2/minute"))
    for _ in range(2):
        assert wrong.wait("ada") == 0
        wrong.failed("ada")
    assert 30 < wrong.wait("ada") <= 61
    assert wrong.wait("grace") == 0


def test_the_counts_do_not_wait_for_the_disk(store: SqliteStore, counters: Counters) -> None:
    def level(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA synchronous").fetchone()[0])

    assert (level(counters.connection), level(store.database.writer.connection)) == (1, 2)


def test_counting_needs_a_database_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    wrong = Failures(Counters(tmp_path / "empty.db", QUERIES), parse("2/minute"))
    wrong.failed("ada")
    assert wrong.wait("ada") == 0
