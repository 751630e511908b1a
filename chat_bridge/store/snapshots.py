"""Copies of the whole database, made while it is in use."""

import os
import re
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from chat_bridge.errors import OutOfSpace, SnapshotDamaged
from chat_bridge.model import Snapshot

NAME = re.compile(r"bridge-\d{8}T\d{6}\.\d{6}Z\.db", re.ASCII)
ABANDONED_SECONDS = 86_400.0
ROOM = 2  # times the size of the database has to be free


class Snapshots:
    """In a folder of their own; under its final name lies only what was read back and found
    whole."""

    def __init__(self, database: Path, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def take(self) -> Snapshot:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        self._check_room()
        name = datetime.now(UTC).strftime("bridge-%Y%m%dT%H%M%S.%fZ.db")
        unfinished = self._folder / f".{name}"
        try:
            self._copy(unfinished)
            _check(unfinished)
            unfinished.rename(self._folder / name)
        finally:
            unfinished.unlink(missing_ok=True)
        self._sync()
        return self._snapshot(self._folder / name)

    def all(self) -> list[Snapshot]:
        """The newest first."""
        if not self._folder.is_dir():
            return []
        found = [path for path in self._folder.iterdir() if NAME.fullmatch(path.name)]
        return [self._snapshot(path) for path in sorted(found, reverse=True)]

    def path(self, name: str) -> Path | None:
        known = {snapshot.name for snapshot in self.all()}
        return self._folder / name if name in known else None

    def forget(self, name: str) -> None:
        if path := self.path(name):
            path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """What a killed process left half-made; one that is being made is younger."""
        before = time.time() - ABANDONED_SECONDS
        for path in self._folder.glob(".bridge-*"):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)

    def _check_room(self) -> None:
        size = self._database.stat().st_size
        space = os.statvfs(self._folder)
        if space.f_bavail * space.f_frsize < ROOM * size:
            raise OutOfSpace

    def _copy(self, target: Path) -> None:
        """Of one moment; readers and writers go on."""
        target.touch(mode=0o600)
        try:
            with closing(sqlite3.connect(self._database, timeout=5)) as connection:
                connection.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
                raise OutOfSpace from error
            raise
        with target.open("rb") as file:
            os.fsync(file.fileno())

    def _sync(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _snapshot(self, path: Path) -> Snapshot:
        stamp = path.name.removeprefix("bridge-").removesuffix(".db")
        moment = datetime.strptime(stamp, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
        text = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return Snapshot(path.name, path.stat().st_size, text)


def _check(path: Path) -> None:
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
        try:
            told = connection.execute("PRAGMA integrity_check").fetchone()[0]
            loose = connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise SnapshotDamaged(reason=str(error)) from error
    if told != "ok":
        raise SnapshotDamaged(reason=told)
    if loose is not None:
        raise SnapshotDamaged(reason=f"a row of {loose[0]} refers to nothing")
