"""A Unix datagram per commit to every listening process of this installation.

Each process binds `<runtime folder>/<pid>-<n>.sock`. Nothing is guaranteed: a full or dead
receiver is passed over, and readers look at the events table once a second anyway.
"""

import hashlib
import itertools
import os
import socket
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chat_bridge.errors import BadSetting

LOOK_AGAIN = 1.0
RECEIVE_BUFFER = 1 << 20
LARGEST = 1 << 16
NUMBERS = itertools.count()


def runtime_dir_for(data_dir: Path) -> Path:
    """A private folder whose short name stands for `data_dir`: socket paths end at 108 bytes."""
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = given and len(given) < 60 and os.access(given, os.W_OK)
    base = Path(given if usable else "/tmp")
    folder = base / f"chat-bridge-{os.geteuid()}-{digest}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if not private or found.st_uid != os.geteuid():
        raise BadSetting(
            source="runtime folder", key=str(folder), reason="it is not a private folder of ours"
        )
    return folder


@dataclass(frozen=True, slots=True)
class UnixListener:
    """Bound end of the wake-ups of one reader."""

    socket: socket.socket
    path: Path

    def fileno(self) -> int:
        return self.socket.fileno()

    def drain(self) -> list[bytes]:
        arrived = []
        with suppress(BlockingIOError):
            while True:
                arrived.append(self.socket.recv(LARGEST))
        return arrived

    def close(self) -> None:
        self.path.unlink(missing_ok=True)
        self.socket.close()


class UnixWakeup:
    def __init__(self, runtime_dir: Path) -> None:
        self._folder = runtime_dir
        self._sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sender.setblocking(False)
        self._known: list[str] = []
        self._changed = 0
        self._looked = 0.0

    def notify(self, payload: bytes = b"") -> None:
        try:
            listening = self._listening()
        except FileNotFoundError:
            return  # tidied away, at a log-out perhaps; what was written stays written
        for address in listening:
            try:
                self._sender.sendto(payload, address)
            except (ConnectionRefusedError, FileNotFoundError):
                Path(address).unlink(missing_ok=True)
            except OSError:
                continue  # full, or gone in this instant: its own poll makes good

    def listen(self) -> UnixListener:
        path = self._folder / f"{os.getpid()}-{next(NUMBERS)}.sock"
        path.unlink(missing_ok=True)  # left behind by an earlier process of this number
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        receiver.bind(str(path))
        receiver.setblocking(False)
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        return UnixListener(receiver, path)

    def close(self) -> None:
        self._sender.close()

    def _listening(self) -> list[str]:
        """The folder's sockets; read again when it changed, or after a second in case two
        changes share one timestamp."""
        now = time.monotonic()
        changed = self._folder.stat().st_mtime_ns
        if changed != self._changed or now - self._looked > LOOK_AGAIN:
            self._changed, self._looked = changed, now
            self._known = [
                entry.path for entry in os.scandir(self._folder) if entry.name.endswith(".sock")
            ]
        return self._known
