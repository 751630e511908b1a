"""Servers with four web processes, replaced while clients talk."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.servers import RunningBridge, WithoutWorkers

FOUR = {"CHAT_BRIDGE_RATE_LIMITS": "off", "CHAT_BRIDGE_WEB_WORKERS": "4"}
LAUNCH = """
import os, sys
held = int(sys.argv[1])
if held == 3:
    os.set_inheritable(3, True)
else:
    os.dup2(held, 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.executable, [sys.executable, "-m", "chat_bridge", *sys.argv[2:]])
"""


@dataclass
class Activated(WithoutWorkers):
    """A bridge whose listening socket somebody else holds, as systemd does: while it is being
    replaced, connections wait."""

    held: socket.socket | None = None

    def start(self, *command: str) -> "Activated":
        if self.held is None:
            self.held = socket.create_server(("127.0.0.1", self.port), backlog=512)
        self.data_dir.mkdir(parents=True, exist_ok=True)
        number = self.held.fileno()
        with (self.data_dir / "output.txt").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", LAUNCH, str(number), *(command or ("up",))],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, pass_fds=[number],
            )  # fmt: skip
        self.wait_until_ready()
        return self

    def release(self) -> None:
        if self.held is not None:
            self.held.close()


def web_processes(bridge: RunningBridge) -> set[int]:
    """The workers of gunicorn; their master is their parent."""
    assert bridge.process is not None
    found = {*bridge.children("chat_bridge.wsgi"), bridge.process.pid}
    parents = {pid: _parent(pid) for pid in found}
    return {pid for pid, parent in parents.items() if parent in found and _is_web(parent)}


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _is_web(pid: int) -> bool:
    return b"chat_bridge.wsgi" in Path(f"/proc/{pid}/cmdline").read_bytes()


def reload(bridge: RunningBridge) -> None:
    assert bridge.process is not None
    os.kill(bridge.process.pid, 1)
