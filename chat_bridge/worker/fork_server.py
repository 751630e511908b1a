"""The worker's end of the nursery: starts it, asks it for children, starts it again if it dies."""

import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from chat_bridge.worker.nursery import SPAWN

_START_SECONDS = 60.0
_STOP_SECONDS = 5.0
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")
_THREADS = 4


@dataclass(frozen=True)
class Birth:
    """A child: the socket to talk to it, and the pipe that tells its pid and its end."""

    connection: socket.socket
    watch: int


class ForkServer:
    def __init__(self, module: str = "chat_bridge.worker.nursery") -> None:
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def ensure(self) -> None:
        with self._lock:
            self._running()

    def spawn(self) -> Birth:
        ours, theirs = socket.socketpair()
        watch, watcher = os.pipe()
        try:
            with self._lock:
                self._request(theirs.fileno(), watcher)
        except OSError:
            ours.close()
            os.close(watch)
            raise
        finally:
            theirs.close()
            os.close(watcher)
        return Birth(ours, watch)

    def stop(self) -> None:
        with self._lock:
            self._end()

    def _request(self, child_end: int, watcher: int) -> None:
        try:
            socket.send_fds(self._running(), [SPAWN], [child_end, watcher])
        except (BrokenPipeError, ConnectionResetError):
            self._end()
            socket.send_fds(self._running(), [SPAWN], [child_end, watcher])

    def _running(self) -> socket.socket:
        if self._control is None or self._process is None or self._process.poll() is not None:
            self._end()
            self._start()
        assert self._control is not None
        return self._control

    def _start(self) -> None:
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", self._module, str(theirs.fileno())],
                env=_environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control = control
        control.settimeout(_START_SECONDS)
        if control.recv(1) != SPAWN:
            self._end()
            raise OSError("the process that starts children did not start")

    def _end(self) -> None:
        """Closing the socket tells the nursery to end."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


def _environment() -> dict[str, str]:
    """No secret reaches a child; the path makes a checkout and an installed package alike."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return kept | {
        "PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path),
        "POLARS_MAX_THREADS": str(min(_THREADS, os.cpu_count() or 1)),
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }
