"""How often somebody asked, counted for all processes in the table `rate_limits`."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from limits import RateLimitItem
from limits.storage import Storage

from chat_bridge.errors import BridgeError, DatabaseBusy
from chat_bridge.store.connection import connect, lock_of, translated
from chat_bridge.store.queries import Queries

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 2.0
FORGET_EVERY_SECONDS = 600.0
WRONG_KEYS = "wrong_keys"


@dataclass(frozen=True)
class Count:
    """Requests so far in the window, and when it ends (seconds since 1970)."""

    requests: int
    ends: float


class Counters:
    """On a connection of its own that does not wait for the disk: counts may be lost with the
    machine, messages may not, and a request must not wait for the disk twice."""

    def __init__(self, path: Path, queries: Path) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._file_lock = lock_of(path)
        self._connection: sqlite3.Connection | None = None
        self._sql = Queries(queries, self)
        self._forgot = time.monotonic()

    @property
    def connection(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._path)
            self._connection.execute("PRAGMA synchronous=NORMAL")
        return self._connection

    def add(self, endpoint: str, who: str, seconds: int, amount: int = 1) -> Count:
        sql, now = self._sql, _now()
        with self._mine(), self._file_lock.held(), translated(), self._transaction():
            row = sql.count_request(
                endpoint=endpoint, who=who, amount=amount, now=now, window=seconds * 1000
            )
            self._forget(now)
        return Count(row["request_count"], row["ends_at"] / 1000)

    def read(self, endpoint: str, who: str) -> Count:
        sql, now = self._sql, _now()
        with self._mine(), translated():
            row = sql.requests_counted(endpoint=endpoint, who=who, now=now)
        return Count(row["request_count"], row["ends_at"] / 1000) if row else Count(0, now / 1000)

    def _forget(self, now: int) -> None:
        sql, passed = self._sql, time.monotonic()
        if passed - self._forgot > FORGET_EVERY_SECONDS:
            self._forgot = passed
            sql.forget_request_counts(now=now)

    @contextmanager
    def _mine(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=PATIENCE_SECONDS):
            raise DatabaseBusy
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise


class _Last(threading.local):
    key: str = ""
    count: Count = Count(0, 0.0)


class SharedCounts(Storage):
    """What the library counts with: `bridge://`."""

    STORAGE_SCHEME = ["bridge"]  # noqa: RUF012 - the library reads it from the class

    def __init__(self, uri: str, *, counters: Counters, wrap_exceptions: bool = False) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._counters = counters
        self._last = _Last()

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        endpoint, who = _parts(key)
        self._last.key, self._last.count = key, Count(0, time.time() + expiry)
        with _uncounted():
            self._last.count = self._counters.add(endpoint, who, expiry, amount)
        return self._last.count.requests

    def get(self, key: str) -> int:
        return self._count(key).requests

    def get_expiry(self, key: str) -> float:
        return self._count(key).ends

    def _count(self, key: str) -> Count:
        """What the answer's headers say was just counted, on the same thread."""
        if self._last.key == key:
            return self._last.count
        return self._counters.read(*_parts(key))

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        raise NotImplementedError

    def clear(self, key: str) -> None:
        raise NotImplementedError


class WrongKeys:
    """Wrong keys by address. Whoever sent too many is not listened to until the window ends."""

    def __init__(self, counters: Counters, quota: RateLimitItem) -> None:
        self._counters = counters
        self._quota = quota

    def failed(self, address: str) -> None:
        with _uncounted():
            self._counters.add(WRONG_KEYS, address, self._quota.get_expiry())

    def wait(self, address: str) -> int:
        """Seconds until the address may try again; 0 is now."""
        count = Count(0, 0.0)
        with _uncounted():
            count = self._counters.read(WRONG_KEYS, address)
        if count.requests < self._quota.amount:
            return 0
        return max(1, ceil(count.ends - time.time()))


@contextmanager
def _uncounted() -> Iterator[None]:
    """When the database cannot count, everybody may pass: a refused message is a loss."""
    try:
        yield
    except (BridgeError, sqlite3.Error) as error:
        log.warning("requests are not counted: %s", error)


def _parts(key: str) -> tuple[str, str]:
    """`LIMITER/<who>/<endpoint and quota>`; nobody's name has a slash."""
    _, who, endpoint = key.split("/", 2)
    return endpoint, who


def _now() -> int:
    return time.time_ns() // 1_000_000
