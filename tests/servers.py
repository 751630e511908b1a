"""A real `chat-bridge up` on a free port with a data folder of its own."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 120.0
AGENT_KEY = "agent-key-for-tests"
ADMIN_KEY = "admin-key-for-tests"


def free_port() -> int:
    """Outside the range that outgoing connections are given theirs from: between our look and the
    server's own, and while a server restarts, no client of another test can have taken it."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = secrets.choice(range(10_000, lowest))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass
class RunningBridge:
    data_dir: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    agent_key: str = AGENT_KEY
    admin_key: str = ADMIN_KEY
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "CHAT_BRIDGE_DATA_DIR": str(self.data_dir),
            "CHAT_BRIDGE_PORT": str(self.port),
            "CHAT_BRIDGE_AGENT_KEY": self.agent_key,
            "CHAT_BRIDGE_ADMIN_KEY": self.admin_key,
        }
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("CHAT_BRIDGE_")}
        return inherited | own | dict(self.settings)

    def start(self, *command: str) -> "RunningBridge":
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with (self.data_dir / "output.txt").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "chat_bridge", *(command or ("up",))],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        """The web answers and, under `up`, a worker lives."""
        deadline = time.monotonic() + START_SECONDS
        while not self.ready():
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the server did not start:\n{self.output()}")
            time.sleep(0.05)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/api/v1/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def output(self) -> str:
        return (self.data_dir / "output.txt").read_text(errors="replace")

    def children(self, word: str) -> list[int]:
        """Process ids below ours whose command line contains a word, e.g. `worker` or `wsgi`."""
        assert self.process is not None
        return [pid for pid in _below(self.process.pid) if word in _command_line(pid)]

    def stop(self) -> None:
        if self.process is None:
            return
        below = _below(self.process.pid)
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in below:
            _kill(pid)
        self.process = None

    def kill(self) -> None:
        """Everything at once, without a chance to tidy up."""
        assert self.process is not None
        for pid in [self.process.pid, *_below(self.process.pid)]:
            _kill(pid)
        self.process.wait()
        self.process = None


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[RunningBridge]:
    """Until the block ends; without limits of rate, unless they are asked for."""
    running = RunningBridge(folder, {"CHAT_BRIDGE_RATE_LIMITS": "off"} | settings)
    try:
        yield running.start()
    finally:
        running.stop()


class WithoutWorkers(RunningBridge):
    """Serves alone, so that it is never ready."""

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/api/v1/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _below(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent(int(entry.name))) is not None:
            parents.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        children = parents.get(queue.pop(), [])
        found += children
        queue += children
    return found


def _parent(pid: int) -> int | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(stat.rpartition(")")[2].split()[1])


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""
