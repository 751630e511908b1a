"""The command line as people use it: a process, a folder of its own, an exit code."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("CHAT_BRIDGE_")}
    given = {f"CHAT_BRIDGE_{name}": value for name, value in settings.items()}
    own = {"CHAT_BRIDGE_DATA_DIR": str(data_dir), "CHAT_BRIDGE_PORT": str(free_port())}
    return inherited | own | given


def run(
    *arguments: str,
    env: Mapping[str, str],
    folder: Path | None = None,
    through: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """A command that is expected to end by itself."""
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [*through, sys.executable, "-m", "chat_bridge", *arguments],
        env={**env, "PYTHONPATH": root}, cwd=folder or root, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip


@contextmanager
def on_a_terminal(*arguments: str, env: Mapping[str, str]) -> Iterator[Callable[[str], str]]:
    """Yields `read(until)`: what the command has printed, up to a word. Ctrl-C ends it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "chat_bridge", *arguments],
        env=dict(env), stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    printed = bytearray()

    def read(until: str) -> str:
        while until.encode() not in printed:
            printed.extend(os.read(ours, 4096))
        return printed.decode().replace("\r\n", "\n")

    try:
        yield read
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        os.close(ours)


def alive(pid: int) -> bool:
    """Neither gone nor a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
