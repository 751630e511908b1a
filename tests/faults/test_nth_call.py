"""The n-th call to the database fails, for each n: what was answered is there, nothing is there by
half, and the next try succeeds without a restart (reliability: F9-F12)."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chat_bridge.errors import BridgeError
from chat_bridge.store import connection as connections
from chat_bridge.store.connection import lock_of
from tests.builders import House, new_house
from tests.faults import sequence

EVERY = [
    pytest.param(1, marks=pytest.mark.faults, id="every call"),
    pytest.param(9, id="some calls"),
]
FAULTS = {
    "disk full": (sqlite3.SQLITE_FULL, "database or disk is full"),
    "input/output error": (sqlite3.SQLITE_IOERR, "disk I/O error"),
    "locked": (sqlite3.SQLITE_BUSY, "database is locked"),
}


class Trip:
    """Lets `left` statements pass; then one fails."""

    left = -1
    code, text = 0, ""


class FailingCursor(sqlite3.Cursor):
    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:  # type: ignore[override]  # narrower on purpose
        if Trip.left == 0:
            Trip.left = -1
            error = sqlite3.OperationalError(Trip.text)
            error.sqlite_errorcode = Trip.code
            raise error
        Trip.left -= 1
        return super().execute(sql, *more)


class Failing(sqlite3.Connection):
    def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override]  # narrower on purpose
        return super().cursor(FailingCursor)

    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:  # type: ignore[override]  # narrower on purpose
        return self.cursor().execute(sql, *more)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Trip]]:
    real = sqlite3.connect

    def connect(*given: Any, **options: Any) -> sqlite3.Connection:
        return real(*given, **{"factory": Failing, **options})

    monkeypatch.setattr(connections.sqlite3, "connect", connect)
    Trip.left = -1
    yield Trip
    Trip.left = -1


def run(house: House, rounds: int, pictures: list[Any]) -> bool:
    """Every step, tried again when it fails; whether one did."""
    database, failed = house.folder / "bridge.db", False
    for number, step in enumerate(sequence.steps(rounds)):
        try:
            step(house)
        except (BridgeError, sqlite3.Error):
            failed = True
            left, Trip.left = Trip.left, -1
            restarted(house)
            assert sequence.picture(database) in pictures[number : number + 2], "half a write"
            step(house)
            Trip.left = left
    return failed


def restarted(house: House) -> None:
    """A failing disk ends the process; the next one reads the database through."""
    house.store.database.suspicion.settle(lock_of(house.folder / "bridge.db"))


def undisturbed(folder: Path, rounds: int) -> list[Any]:
    house = new_house(folder)
    sequence.begin(house)
    pictures = [sequence.picture(folder / "bridge.db")]
    for step in sequence.steps(rounds):
        step(house)
        pictures.append(sequence.picture(folder / "bridge.db"))
    return pictures


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("every", EVERY)
def test_each_call_fails_once(tmp_path: Path, failing: type[Trip], fault: str, every: int) -> None:
    (tmp_path / "calm").mkdir()
    pictures = undisturbed(tmp_path / "calm", 1)
    failing.code, failing.text = FAULTS[fault]
    number = failures = 0
    while True:
        folder = tmp_path / str(number)
        folder.mkdir()
        house = new_house(folder)
        sequence.begin(house)
        failing.left = number
        failures += run(house, 1, pictures)
        reached, failing.left = failing.left < 0, -1
        assert sequence.picture(folder / "bridge.db") == pictures[-1]
        house.audit.verify()
        if not reached:
            break
        number += every
    assert sequence.sound(folder / "bridge.db")
    assert failures >= 60 // every


FULL = """
import resource, signal, sqlite3, sys
from pathlib import Path
from chat_bridge.errors import BridgeError
from tests.builders import new_house
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = Path(sys.argv[1])
house = new_house(folder)
house.say("first")
log = folder / "bridge.db-wal"
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 200_000, hard))
stored, refused = ["first"], 0
for number in range(200):
    try:
        house.say(f"m{number} " + "x" * 4000)
        stored.append(f"m{number}")
    except BridgeError as error:
        assert error.status == 507, error
        refused += 1
        assert house.sessions.find("session_ada")
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
house.say("last")
stored.append("last")
print(refused, *stored)
"""


def test_a_disk_that_is_full_for_a_while(tmp_path: Path) -> None:
    """For real: no file of the process may grow any further."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    refused, *stored = ended.stdout.split()
    assert int(refused) > 10
    messages = sequence.picture(tmp_path / "bridge.db")[1]
    assert [row[2].split(" ")[0] for row in messages] == stored
    assert sequence.sound(tmp_path / "bridge.db")
