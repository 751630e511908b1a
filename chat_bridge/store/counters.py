"""Counts of requests in windows, for all processes in the table `rate_limits`."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chat_bridge.errors import DatabaseBusy
from chat_bridge.store.connection import connect, lock_of
from chat_bridge.store.queries import Queries
from chat_bridge.store.suspicion import Suspicion, translated

PATIENCE_SECONDS = 2.0
FORGET_EVERY_SECONDS = 600.0


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
        self.suspicion = Suspicion(path)
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

    def judge(self, error: sqlite3.DatabaseError) -> None:
        self.suspicion.judge(error)

    def add(self, endpoint: str, who: str, seconds: int, amount: int = 1) -> Count:
        sql, now = self._sql, _now()
        with self._mine(), self._file_lock.held(), translated(self.suspicion), self._transaction():
            row = sql.count_request(
                endpoint=endpoint, who=who, amount=amount, now=now, window=seconds * 1000
            )
            self._forget(now)
        return Count(row["request_count"], row["ends_at"] / 1000)

    def read(self, endpoint: str, who: str) -> Count:
        sql, now = self._sql, _now()
        with self._mine(), translated(self.suspicion):
            row = sql.requests_counted(endpoint=endpoint, who=who, now=now)
        return Count(row["request_count"], row["ends_at"] / 1000) if row else Count(0, now / 1000)

    def forget(self, endpoint: str, who: str) -> None:
        sql = self._sql
        with self._mine(), self._file_lock.held(), translated(self.suspicion), self._transaction():
            sql.forget_requests_of(endpoint=endpoint, who=who)

    def forget_quotas(self) -> int:
        """How many counts of the limiter are gone."""
        sql = self._sql
        with self._mine(), self._file_lock.held(), translated(self.suspicion), self._transaction():
            return int(sql.forget_quotas())

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


def _now() -> int:
    return time.time_ns() // 1_000_000
