"""Keeps the write-ahead log short: one owner among all processes, inside the write lock."""

import fcntl
import logging
import os
import sqlite3
import threading
import time

from chat_bridge.errors import BridgeError
from chat_bridge.store.connection import Database, connect
from chat_bridge.store.suspicion import translated

log = logging.getLogger(__name__)
EVERY_SECONDS = 5.0
LARGE_LOG_BYTES = 4 << 20
ROUND_SECONDS = 0.5
QUIET_SECONDS = 1.0


class Checkpointer:
    """Whoever holds `maintenance.lock` truncates the log; the others wait to inherit it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoint", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        path = self._database.path.with_name("maintenance.lock")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while not self._owner(descriptor):
                if self._stopped.wait(EVERY_SECONDS):
                    return
            self._keep_short()
        finally:
            os.close(descriptor)

    def _owner(self, descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _keep_short(self) -> None:
        connection = connect(self._database.path)
        # With a busy_timeout one open reader would stall every writer behind this checkpoint.
        connection.execute("PRAGMA busy_timeout=0")
        wal = self._database.path.with_name(self._database.path.name + "-wal")
        quiet_rounds = 0
        while not self._stopped.wait(ROUND_SECONDS):
            quiet_rounds += 1
            state = wal.stat() if wal.exists() else None
            size = state.st_size if state else 0
            if size > LARGE_LOG_BYTES or (size and quiet_rounds * ROUND_SECONDS >= EVERY_SECONDS):
                quiet_rounds = 0
                self._checkpoint(connection, quiet=_age(state) > QUIET_SECONDS)
        connection.close()

    def _checkpoint(self, connection: sqlite3.Connection, *, quiet: bool) -> None:
        """Under load the log starts over in the blocks it has, because growing a file anew makes
        every commit wait longer; in a quiet moment it is given back."""
        mode = "TRUNCATE" if quiet else "RESTART"
        try:
            with self._database.lock(), translated(self._database.suspicion):
                connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        except (BridgeError, sqlite3.OperationalError) as error:
            log.debug("checkpoint put off: %s", error)


def _age(state: os.stat_result | None) -> float:
    return time.time() - state.st_mtime if state else 0.0
