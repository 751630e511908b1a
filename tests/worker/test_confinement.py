"""What a child may use, and how one that wants more ends."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from chat_bridge.errors import (
    JobCancelled,
    JobFailed,
    JobTimedOut,
    OutputTooLarge,
    SheetTooLarge,
)
from chat_bridge.model import Limits, Profile, Source
from chat_bridge.worker import child
from chat_bridge.worker.fork_server import ForkServer
from chat_bridge.worker.inside import Profiling
from tests import hostile
from tests.cli.programs import alive
from tests.patience import await_true

UNRULY = "tests.worker.unruly"


@pytest.fixture
def _unruly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ForkServer(UNRULY)
    monkeypatch.setattr(child, "_server", server)
    yield
    server.stop()


def ask(behaviour: str, path: Path = Path("none"), limits: Limits | None = None) -> Profile:
    with TemporaryDirectory(prefix="profile-") as folder:
        return child.profile_in_child(Source(path, behaviour), limits or Limits(), Path(folder))


def written(note: Path) -> bool:
    return note.exists() and bool(note.read_text())


def resident() -> int:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.usefixtures("_unruly")
class TestConfinement:
    def test_what_a_child_gets(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHAT_BRIDGE_ADMIN_KEY", "sk_secret")
        told = dict(ask("tell", limits=Limits(memory=700 << 20, cpu_seconds=9)).preview)
        assert "CHAT_BRIDGE_ADMIN_KEY" not in told["environment"]
        assert "sk_secret" not in repr(told["environment"])
        assert told["limits"] == {
            "DATA": 700 << 20,
            "CPU": 9,
            "FSIZE": Limits().output_bytes,
            "CORE": 0,
            "NOFILE": 128,
        }
        assert told["leads"]
        assert told["nice"] >= 10
        assert Path(told["folder"]).name.startswith("profile-")

    def test_cpu_time(self) -> None:
        with pytest.raises(JobTimedOut) as late:
            ask("spin", limits=Limits(cpu_seconds=1))
        assert late.value.details["seconds"] == 1

    def test_wall_time(self) -> None:
        started = time.monotonic()
        with pytest.raises(JobTimedOut):
            ask("spin", limits=Limits(wall_seconds=0.3))
        assert time.monotonic() - started < 55  # it would go on for ever

    def test_memory(self) -> None:
        before = resident()
        with pytest.raises(SheetTooLarge, match="more memory"):
            ask("devour")
        assert resident() - before < 8 * hostile.MIB

    def test_abort_is_lack_of_memory(self) -> None:
        with pytest.raises(SheetTooLarge):
            ask("abort")

    def test_a_kill_from_outside_is_not_lack_of_memory(self) -> None:
        """A plain JobFailed, which is tried again."""
        with pytest.raises(JobFailed, match="ended from outside") as failed:
            ask("kill")
        assert type(failed.value) is JobFailed

    def test_output(self) -> None:
        with pytest.raises(OutputTooLarge):
            ask("flood", limits=Limits(output_bytes=1000))

    def test_an_end_without_an_answer(self, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(JobFailed):
            ask("leave")
        assert "without an answer" in caplog.text

    def test_children_of_children_go_too(self, tmp_path: Path) -> None:
        note = tmp_path / "pid"
        task = Profiling(Source(note, "breed"), Limits(), tmp_path)
        with pytest.raises(JobCancelled):
            child._Child(task, lambda _progress: None, lambda: written(note)).outcome()
        sleeper = int(note.read_text())
        await_true(lambda: not alive(sleeper))

    def test_they_end_with_their_worker(self, tmp_path: Path) -> None:
        note = tmp_path / "pid"
        program = (
            "import sys; from pathlib import Path; from tests.worker import test_confinement as t\n"
            "t.child._server = t.ForkServer(t.UNRULY)\n"
            "t.ask('breed', Path(sys.argv[1]))"
        )
        worker = subprocess.Popen([sys.executable, "-c", program, str(note)])
        await_true(lambda: written(note))
        worker.kill()
        worker.wait()
        sleeper = int(note.read_text())
        await_true(lambda: not alive(sleeper))
