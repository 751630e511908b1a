import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import websocket

from tests.servers import free_port

REPO = Path(__file__).parents[2]
OPENED: list[Callable[[], None]] = []  # by the test that runs


@dataclass
class Site:
    """The small site in its own gunicorn; two sites on one folder are one installation."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        payload = None if body is None else json.dumps(body)
        connection.request(method, path, payload, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text[:1] in b"{[" else text.decode()

    def happen(self, session_id: str, text: str, **more: Any) -> int:
        found = self.call("POST", "/events", {"session_id": session_id, "text": text} | more)
        return int(found[1]["seq"])

    def join(self, query: str, **options: Any) -> websocket.WebSocket:
        options.setdefault("origin", f"http://127.0.0.1:{self.port}")
        found = websocket.create_connection(
            f"ws://127.0.0.1:{self.port}/ws?{query}", timeout=10, **options
        )
        OPENED.append(found.shutdown)
        return found

    def raw(self, request: str) -> socket.socket:
        found = socket.create_connection(("127.0.0.1", self.port), timeout=15)
        OPENED.append(found.close)
        found.sendall(request.replace("\n", "\r\n").encode())
        return found

    def taken(self, peer: socket.socket) -> bool:
        """Whether a process here has accepted this connection: until then it is nobody's."""
        port = f"{peer.getsockname()[1]:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        return any(
            row[1].endswith(f":{self.port:04X}") and row[2].endswith(f":{port}") and row[9] != "0"
            for row in rows[1:]
        )

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(40)


Open = Callable[..., Site]


def start(folder: Path, per_address: int = 1000, workers: int = 1) -> Site:
    port = free_port()
    log = folder / f"{port}.log"
    arguments = [str(folder), str(port), str(per_address), str(workers)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.push.small_site", *arguments],
            cwd=REPO,
            stdout=output,
            stderr=output,
            env=os.environ | {"PYTHONWARNINGS": "default"},
        )
    site = Site(port, process, log)
    wait_until_up(site)
    return site


def wait_until_up(site: Site) -> None:
    for _ in range(400):
        try:
            site.call("GET", "/hello")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(site.log.read_text())


def answered(peer: socket.socket, end: bytes) -> bytes:
    """The whole answer, which may come in pieces."""
    got = b""
    while not got.endswith(end):
        piece = peer.recv(4096)
        assert piece, got
        got += piece
    assert got.startswith(b"HTTP/1.1 200")
    return got


def frame(ws: websocket.WebSocket) -> Any:
    return json.loads(ws.recv())


def close_code(ws: websocket.WebSocket) -> int:
    """Reads on until the close frame."""
    while True:
        opcode, data = ws.recv_data(control_frame=True)
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")
