"""Taking a connection away from gunicorn: its descriptor is duplicated for the hub and a dead
socket put in its place, so that the worker's own shutdown and close reach nobody. From then on
HTTP headers and the access-log line are ours."""

import hashlib
import logging
import os
import re
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

USER_TIMEOUT = 45_000  # ms until unacknowledged bytes mean a dead peer
KEEP_IDLE, KEEP_INTERVAL, KEEP_COUNT = 25, 10, 3
OURS = frozenset({"connection", "content-length", "date", "server", "transfer-encoding"})
access = logging.getLogger("chat_bridge.access")
ACTION = re.compile(r"(?:^|&)action=(\w+)")
SESSION_ID = re.compile(r"session_\w+")


def under_gunicorn(environ: Mapping[str, Any]) -> bool:
    return "gunicorn.socket" in environ


def take_over(environ: Mapping[str, Any]) -> socket.socket:
    """Who called must leave through StopIteration, which gunicorn takes as an ended connection."""
    theirs: socket.socket = environ["gunicorn.socket"]
    ours = socket.socket(fileno=os.dup(theirs.fileno()))
    dead, other = socket.socketpair()
    with dead, other:
        os.dup2(dead.fileno(), theirs.fileno(), inheritable=False)
    ours.setblocking(False)
    if ours.family in (socket.AF_INET, socket.AF_INET6):
        _watch_over(ours)
    return ours


def _watch_over(sock: socket.socket) -> None:
    """A long poll sends nothing for most of a minute: the kernel finds out whether anybody is
    still there."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEP_IDLE)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, KEEP_INTERVAL)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, KEEP_COUNT)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT)


def head(headers: Iterable[tuple[str, str]], length: int | None, status: int = 200) -> bytes:
    """Status line and headers; the connection ends with it."""
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"Date: {formatdate(usegmt=True)}",
        "Connection: close",
    ]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    lines += [f"{name}: {value}" for name, value in headers if name.lower() not in OURS]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@dataclass(frozen=True, slots=True)
class Line:
    """What the access log says of a connection the hub answers."""

    address: str
    method: str
    path: str
    began: float

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> "Line":
        return cls(
            address=str(environ.get("REMOTE_ADDR", "-")),
            method=str(environ.get("REQUEST_METHOD", "-")),
            path=str(environ.get("RAW_URI", environ.get("PATH_INFO", "-"))),
            began=time.monotonic(),
        )

    def write(self, status: int, size: int) -> None:
        took = time.monotonic() - self.began
        log_access(asked(self.address, self.method, self.path), status, size, seconds=took)


def log_access(
    what: str, status: int, size: int, *, seconds: float, request_id: str | None = None
) -> None:
    level = logging.INFO if status < 400 else logging.WARNING
    took = seconds * 1000
    extra = {"request_id": request_id}
    access.log(level, "%s %d %d %.1fms", what, status, size, took, extra=extra)


def asked(address: str, method: str, path: str) -> str:
    return f"{address} {method} {shown(path)}"


def shown(uri: str) -> str:
    """An address without what opens something: queries are left out but for the action, session
    ids (which may be all a visitor needs) become a short hash."""
    path, _, query = uri.partition("?")
    action = ACTION.search(query)
    return SESSION_ID.sub(_hashed, path) + (f"?action={action[1]}" if action else "")


def _hashed(session_id: re.Match[str]) -> str:
    return "session:" + hashlib.sha256(session_id[0].encode()).hexdigest()[:8]
