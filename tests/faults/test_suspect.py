"""The disk under the database fails, or the file is damaged (reliability: F9, F51): 503, the
processes leave, the next start reads the file through, and goes on or says what to do."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.cli.programs import run
from tests.faults.account import rows
from tests.patience import await_true
from tests.servers import RunningBridge
from tests.wire import caller

KEPT, DAMAGED = "session_kept", 65
STRACE = shutil.which("strace")
FAILING = ("-f", "-q", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO")


def may_trace() -> bool:
    return STRACE is not None and not subprocess.run([STRACE, "-o", "/dev/null", "true"]).returncode


@contextmanager
def failing_syncs(pids: Sequence[int], notes: Path) -> Iterator[None]:
    """Whatever these processes want on the disk is refused with EIO."""
    assert STRACE is not None
    attached = [word for pid in pids for word in ("-p", str(pid))]
    tracer = subprocess.Popen([STRACE, *FAILING, "-o", str(notes), *attached])
    try:
        await_true(lambda: all(_traced(pid) for pid in pids))
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)


def _traced(pid: int) -> bool:
    """Each of its threads."""
    tasks = Path(f"/proc/{pid}/task")
    with suppress(FileNotFoundError):
        states = [(task / "status").read_text() for task in tasks.iterdir()]
        return all("TracerPid:\t0\n" not in state for state in states)
    return True  # it has left already


def say(bridge: RunningBridge, text: str) -> int:
    """The status; 0 while nobody listens."""
    try:
        return caller.visitor(bridge).say(KEPT, text, client_msg_id=text).status
    except (OSError, HTTPException):
        return 0


def said(bridge: RunningBridge) -> list[str]:
    query = "SELECT message FROM web_chat_messages WHERE session_id = ? ORDER BY id"
    return [text for (text,) in rows(bridge.data_dir, query, KEPT)]


@pytest.mark.skipif(not may_trace(), reason="strace is not installed, or may not trace")
def test_a_disk_that_fails_once(start_bridge: Callable[..., RunningBridge], tmp_path: Path) -> None:
    bridge = start_bridge(CHAT_BRIDGE_RATE_LIMITS="off")
    assert say(bridge, "before") == 200
    pids = [*bridge.children("chat_bridge.wsgi"), *bridge.children("chat_bridge worker")]
    with failing_syncs(pids, tmp_path / "strace.txt"):
        seen = {say(bridge, "during") for _ in range(3)}
        assert 200 not in seen
        assert seen <= {503, 0}
        await_true(lambda: "the database is suspect, this process leaves" in bridge.output(), 60)
        await_true(lambda: not set(pids) & set(bridge.children("chat_bridge")), 60)
    await_true(lambda: say(bridge, "during") == 200, 60)
    await_true(bridge.ready, 60)
    assert "the database was read through and is whole" in bridge.output()
    assert "SQLITE_IOERR_FSYNC" in bridge.output()
    assert "Traceback" not in bridge.output()
    assert said(bridge) == ["before", "during"]
    assert not (bridge.data_dir / "bridge.db.suspect").exists()


def spoil(database: Path) -> None:
    """In place, as a disk does it: all pages but the first, and those in the log."""
    for path in (database, database.with_name(database.name + "-wal")):
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(os.urandom(max(0, path.stat().st_size - 4096)))


def test_a_damaged_file_is_left_alone_until_it_is_replaced(
    start_bridge: Callable[..., RunningBridge],
) -> None:
    bridge = start_bridge(CHAT_BRIDGE_RATE_LIMITS="off")
    database = bridge.data_dir / "bridge.db"
    assert say(bridge, "kept") == 200
    assert run("backup", env=bridge.environment).returncode == 0
    spoil(database)
    answer = caller.visitor(bridge).say(KEPT, "lost")
    assert (answer.status, answer.json["error_code"]) == (503, "database_failing")
    assert bridge.process is not None
    assert bridge.process.wait(60) == DAMAGED
    assert " found the database damaged; everything ends" in bridge.output()
    assert f"The database '{database}' is damaged" in bridge.output()
    damaged = database.read_bytes()
    told = run("doctor", env=bridge.environment)
    assert told.returncode == 1
    assert f"FAILED   database: {database} is damaged" in told.stdout
    for command in ("up", "worker"):
        ended = run(command, env=bridge.environment)
        assert (ended.returncode, "is damaged" in ended.stderr) == (DAMAGED, True), ended.stderr
    assert database.read_bytes() == damaged
    (snapshot,) = (bridge.data_dir / "snapshots").glob("bridge-*.db")
    for part in bridge.data_dir.glob("bridge.db*"):
        part.rename(bridge.data_dir / f"damaged-{part.name}")
    shutil.copyfile(snapshot, database)
    bridge.start()
    assert say(bridge, "again") == 200
    assert said(bridge) == ["kept", "again"]
