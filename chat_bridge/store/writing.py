"""The one way to write: transactions of one process that meet at the lock share a commit.

With FULL each commit waits for the disk. Threads that arrive while another one writes run their
statements in the same transaction, each inside a savepoint of its own, and whoever finds nobody
waiting commits for all of them. Nobody returns before that commit; a member that fails takes back
its own statements only. Among processes a blocking flock goes first come, first served.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chat_bridge.errors import DatabaseBusy

LOCK_PATIENCE_SECONDS = 5.0
LARGEST_GROUP = 32
LONGEST_GROUP_SECONDS = 0.010


class FileLock:
    """Excludes processes; a thread takes it only while it is the process's writer."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)

    @contextmanager
    def held(self) -> Iterator[None]:
        self.acquire()
        try:
            yield
        finally:
            self.release()

    def acquire(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def release(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)


class Group:
    """Members of one transaction, until its commit or its failure."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.size = 0
        self.error: BaseException | None = None
        self.done = threading.Event()

    @property
    def full(self) -> bool:
        return (
            self.error is not None
            or self.size >= LARGEST_GROUP
            or time.monotonic() - self.began > LONGEST_GROUP_SECONDS
        )


class Writer:
    """The process's one writing connection. When another process is stopped while it holds the
    file lock, a thread here hangs in it and the others get DatabaseBusy."""

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        lock: FileLock,
        *,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """`check` raises when nobody may write; asked under the lock, once a shared commit."""
        self._connect = connect
        self._lock = lock
        self._check = check
        self._turn = threading.Condition()
        self._busy = False
        self._waiting = 0
        self._group: Group | None = None
        self._connection: sqlite3.Connection | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    @property
    def waiting(self) -> int:
        """How many threads wait for their turn."""
        return self._waiting

    @contextmanager
    def transaction(self) -> Iterator[None]:
        group = self._join()
        try:
            self.connection.execute("SAVEPOINT member")
            yield
            self.connection.execute("RELEASE member")
        except BaseException as error:
            self._take_back(group, error)
            self._leave(group)
            raise
        self._leave(group)
        group.done.wait()
        if group.error is not None:
            raise group.error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The locks without a transaction, for a checkpoint."""
        self._take_turn()
        try:
            if self._group is not None:
                self._commit(self._group)  # it was left to us, the next in line
            with self._lock.held():
                yield
        finally:
            self._give_turn()

    def _join(self) -> Group:
        self._take_turn()
        if self._group is None:
            try:
                self._group = self._begin()
            except BaseException:
                self._give_turn()
                raise
        self._group.size += 1
        return self._group

    def _begin(self) -> Group:
        self._lock.acquire()
        try:
            self._check()
            self.connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._lock.release()
            raise
        return Group()

    def _take_back(self, group: Group, error: BaseException) -> None:
        """SQLite itself rolls everything back when the disk is full or fails: then no member of
        the group has stored anything."""
        if not self.connection.in_transaction:
            group.error = error
            return
        try:
            self.connection.execute("ROLLBACK TO member")
            self.connection.execute("RELEASE member")
        except sqlite3.Error as fault:
            group.error = fault

    def _leave(self, group: Group) -> None:
        """Leaves the transaction to the next in line, or ends it for everybody."""
        with self._turn:
            if self._waiting and not group.full:
                self._busy = False
                self._turn.notify()
                return
        try:
            self._commit(group)
        finally:
            self._give_turn()

    def _commit(self, group: Group) -> None:
        try:
            if group.error is None:
                self.connection.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - raised again in every member of the group
            group.error = error
        finally:
            self._let_go(group)

    def _let_go(self, group: Group) -> None:
        try:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        finally:
            self._group = None
            self._lock.release()
            group.done.set()

    def _take_turn(self) -> None:
        with self._turn:
            self._waiting += 1
            free = self._turn.wait_for(lambda: not self._busy, LOCK_PATIENCE_SECONDS)
            self._waiting -= 1
            if not free:
                raise DatabaseBusy
            self._busy = True

    def _give_turn(self) -> None:
        with self._turn:
            self._busy = False
            self._turn.notify()
