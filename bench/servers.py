"""Starts the servers a benchmark measures, each in its own process group and folder."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
BENCH = Path(__file__).parent
AGENT_KEY = secrets.token_urlsafe(24)
WORKERS, THREADS = 2, 16  # as the default settings of the product
PATIENCE = 60.0


@dataclass(frozen=True)
class Server:
    name: str
    port: int
    process: subprocess.Popen[bytes]
    folder: Path


@contextmanager
def bridge(folder: Path, **settings: str) -> Iterator[Server]:
    """The default command with an agent key and without rate limits."""
    port = free_port()
    given = {"data_dir": str(folder / "bridge"), "port": str(port), "agent_key": AGENT_KEY}
    given |= {"rate_limits": "off", **settings}
    environment = {f"CHAT_BRIDGE_{name.upper()}": value for name, value in given.items()}
    command = [sys.executable, "-m", "chat_bridge", "up"]
    with _running(
        "chat bridge", command, port=port, folder=folder, environment=environment
    ) as server:
        yield server


@contextmanager
def naive(design: str, folder: Path) -> Iterator[Server]:
    port = free_port()
    command = [
        str(BIN / "gunicorn"), "--chdir", str(BENCH), "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS),
        "--keep-alive", "75", f"naive:{design}()",
    ]  # fmt: skip
    environment = {"NAIVE_DATABASE": str(folder / f"{design}.db")}
    name = design.replace("_", " ")
    with _running(name, command, port=port, folder=folder, environment=environment) as server:
        yield server


@contextmanager
def _running(
    name: str, command: list[str], *, port: int, folder: Path, environment: dict[str, str]
) -> Iterator[Server]:
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, env=os.environ | environment,
            start_new_session=True,
        )  # fmt: skip
        try:
            _wait_until_up(port, process, Path(log.name))
            yield Server(name, port, process, folder)
        finally:
            process.terminate()
            try:
                process.wait(45)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_until_up(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"{' '.join(process.args)} did not start:\n{log.read_text()[-3000:]}")


def cpu_seconds(server: Server) -> float:
    """What the server and everything below it has used so far: unlike a rate, it hardly depends
    on what else the machine is doing."""
    ticks = {pid: used for pid, _, used in _processes()}
    parents = {pid: parent for pid, parent, _ in _processes()}

    def ours(pid: int) -> bool:
        while pid > 1 and pid != server.process.pid:
            pid = parents.get(pid, 0)
        return pid > 1

    return sum(used for pid, used in ticks.items() if ours(pid)) / os.sysconf("SC_CLK_TCK")


def _processes() -> Iterator[tuple[int, int, int]]:
    """Number, parent and processor ticks of every process."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            values = path.read_text().rpartition(")")[2].split()
            yield int(path.parent.name), int(values[1]), int(values[11]) + int(values[12])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
