"""How often somebody asked: the storage of the limiter, and failures by address."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from limits import RateLimitItem
from limits.storage import Storage

from chat_bridge.errors import BridgeError
from chat_bridge.store.counters import Count, Counters
from chat_bridge.store.slices import Slices

log = logging.getLogger(__name__)
WRONG_KEYS = "wrong_keys"
UNKNOWN_SESSIONS = "unknown_sessions"


class _Last(threading.local):
    key: str = ""
    count: Count = Count(0, 0.0)


class SharedCounts(Storage):
    """What the library counts with: `bridge://`."""

    STORAGE_SCHEME = ["bridge"]  # noqa: RUF012 - the library reads it from the class

    def __init__(self, uri: str, *, counters: Counters, wrap_exceptions: bool = False) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._counters = counters
        self._slices = Slices(counters)
        self._last = _Last()

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        endpoint, who = _parts(key)
        self._last.key, self._last.count = key, Count(0, time.time() + expiry)
        with _uncounted():
            if amount == 1:
                counted = self._slices.count(endpoint, who, expiry, _quota(endpoint) // 100)
            else:
                counted = self._counters.add(endpoint, who, expiry, amount)
            self._last.count = counted
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
        try:
            self._counters.read("", "")
        except (BridgeError, sqlite3.Error):
            return False
        return True

    def reset(self) -> int | None:
        """Every quota begins anew, failures stay. What another process has taken in slices it
        counts until the window ends; so it is with `clear`."""
        self._last.key = ""
        self._slices.forget()
        return self._counters.forget_quotas()

    def clear(self, key: str) -> None:
        self._last.key = ""
        endpoint, who = _parts(key)
        self._slices.forget(endpoint, who)
        self._counters.forget(endpoint, who)


class Failures:
    """Wrong keys, or guessed ids, by address. Whoever sent too many is not listened to until the
    window ends."""

    def __init__(self, counters: Counters, quota: RateLimitItem, kind: str = WRONG_KEYS) -> None:
        self._counters = counters
        self._kind = kind
        self._quota = quota

    def failed(self, address: str) -> None:
        with _uncounted():
            self._counters.add(self._kind, address, self._quota.get_expiry())

    def wait(self, address: str) -> int:
        """Seconds until the address may try again; 0 is now."""
        count = Count(0, 0.0)
        with _uncounted():
            count = self._counters.read(self._kind, address)
        if count.requests < self._quota.amount:
            return 0
        return max(1, ceil(count.ends - time.time()))


class SignInTries:
    """Attempts to sign in, by account or by address; too many wait until the window ends."""

    def __init__(self, counters: Counters, endpoint: str, quota: RateLimitItem) -> None:
        self._counters = counters
        self._endpoint = endpoint
        self._quota = quota

    def begin(self, who: str) -> tuple[int, int]:
        count = Count(0, 0.0)
        with _uncounted():
            count = self._counters.add(self._endpoint, who, self._quota.get_expiry())
        beyond = count.requests - self._quota.amount
        return (beyond, max(1, ceil(count.ends - time.time()))) if beyond > 0 else (0, 0)

    def forget(self, who: str) -> None:
        with _uncounted():
            self._counters.forget(self._endpoint, who)

    def take_back(self, who: str) -> None:
        with _uncounted():
            self._counters.add(self._endpoint, who, self._quota.get_expiry(), -1)


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


def _quota(endpoint: str) -> int:
    """Of `<scope>/<amount>/<multiples>/<unit>`."""
    return int(endpoint.rsplit("/", 3)[1])
