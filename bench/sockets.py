"""Waiting sockets on one web process: memory each, whether HTTP still answers as fast, and how
long a message needs to all sockets of a busy session.

    python bench/sockets.py [--sockets 5000] [--broadcast 1000] [--rounds 20]

The clients offer permessage-deflate, as browsers do: agreeing to it would cost 100 kB a socket.
"""

import argparse
import base64
import itertools
import os
import resource
import selectors
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import load
import servers

PAGE_BYTES = resource.getpagesize()
SESSION = "session_broadcast_0001"
HANDSHAKE = (
    "GET /ws?session_id={session} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    "Origin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
)


def main() -> None:
    options = arguments()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, options.sockets + 2_000), hard))
    with tempfile.TemporaryDirectory(dir=options.dir) as name, ExitStack() as stack:
        settings = {"web_workers": "1", "max_sockets_per_ip": str(options.sockets + 100)}
        server = stack.enter_context(servers.bridge(Path(name), **settings))
        idle(server, options, stack)
        broadcast(server, options, stack)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sockets", type=int, default=5_000)
    parser.add_argument("--broadcast", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--dir", help="where the database lies; a real disk, not a RAM disk")
    return parser.parse_args()


def idle(server: servers.Server, options: argparse.Namespace, stack: ExitStack) -> None:
    sessions = options.sockets - options.broadcast
    load.run(server.port, 4, 2.0, message)
    worker = web_worker(server)
    quiet, before = latency(server), resident(worker)
    began = time.perf_counter()
    for number in range(sessions):
        join(server, opened_session(server, number // 4), stack)
    took = time.perf_counter() - began
    time.sleep(1.0)
    each = (resident(worker) - before) / sessions
    print(f"{sessions} idle sockets opened in {took:.0f} s: {each / 1000:.1f} kB each")
    busy = latency(server)
    print(
        f"GET health, p50/p95 ms: {quiet[0]:.2f}/{quiet[1]:.2f} without them,"
        f" {busy[0]:.2f}/{busy[1]:.2f} with them"
    )


def broadcast(server: servers.Server, options: argparse.Namespace, stack: ExitStack) -> None:
    """One message to every socket of one session."""
    post(server, SESSION, "the first")
    waiting = [join(server, SESSION, stack) for _ in range(options.broadcast)]
    worker = web_worker(server)
    before, late = resident(worker), []
    with selectors.DefaultSelector() as selector:
        for sock in waiting:
            selector.register(sock, selectors.EVENT_READ)
        time.sleep(1.0)
        empty(selector)
        for number in range(options.rounds):
            late += one_round(server, selector, len(waiting), f"to all {number}")
            time.sleep(0.05)
    late.sort()
    grown = (resident(worker) - before) / len(waiting)
    print(
        f"message to {len(waiting)} sockets, request to frame: p50 {at(late, 0.5):.1f} ms,"
        f" p95 {at(late, 0.95):.1f} ms, last {late[-1]:.1f} ms; {grown / 1000:+.1f} kB a socket"
    )


def one_round(
    server: servers.Server, selector: selectors.BaseSelector, sockets: int, text: str
) -> list[float]:
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", server.port), 10) as sender:
        sender.sendall(
            load.post("/api/v1/?action=messages", {"session_id": SESSION, "message": text})
        )
        late: list[float] = []
        while len(late) < sockets and time.perf_counter() - began < 10:
            for key, _ in selector.select(1.0):
                key.fileobj.recv(65536)  # type: ignore[union-attr]  # only sockets are registered
                late.append((time.perf_counter() - began) * 1000)
        return late


def empty(selector: selectors.BaseSelector) -> None:
    for key, _ in selector.select(0):
        key.fileobj.recv(65536)  # type: ignore[union-attr]  # only sockets are registered


def join(server: servers.Server, session: str, stack: ExitStack) -> socket.socket:
    sock = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
    key = base64.b64encode(os.urandom(16)).decode()
    sock.sendall(HANDSHAKE.format(session=session, port=server.port, key=key).encode())
    answer = b""
    while b'"ready"' not in answer:
        piece = sock.recv(65536)
        if not piece or b" 101 " not in (answer + piece)[:40]:
            raise load.NotStored((answer + piece)[:400].decode("utf-8", "replace"))
        answer += piece
    assert b"permessage-deflate" not in answer
    return sock


numbers = itertools.count()


def message(client: int) -> bytes:
    body = {"session_id": f"session_idle_{client:04}", "message": f"hello {next(numbers)}"}
    return load.post("/api/v1/?action=messages", body)


def opened_session(server: servers.Server, number: int) -> str:
    session = f"session_idle_{number:04}"
    if number not in known:
        known.add(number)
        post(server, session, "hello")
    return session


known: set[int] = set()


def post(server: servers.Server, session: str, text: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 10) as sock:
        sock.sendall(
            load.post("/api/v1/?action=messages", {"session_id": session, "message": text})
        )
        head = sock.recv(65536)
        if not head.startswith(b"HTTP/1.1 200"):
            raise load.NotStored(head[:400].decode("utf-8", "replace"))


def latency(server: servers.Server) -> tuple[float, float]:
    """Of a plain request on one kept connection, in milliseconds."""
    request = b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    taken = sorted(second * 1000 for second in load.run(server.port, 1, 3.0, lambda _: request))
    return at(taken, 0.5), at(taken, 0.95)


def at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def web_worker(server: servers.Server) -> int:
    """The one process that listens for requests: the child of the web server's own process."""
    table = subprocess.run(
        ["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in table.stdout.splitlines()[1:]]
    children = {int(pid): (int(parent), command) for pid, parent, command in rows}
    web = {pid for pid, (_, command) in children.items() if "chat_bridge.wsgi" in command}
    for pid in web:
        parent = children[pid][0]
        if parent in web and descends(children, parent, server.process.pid):
            return pid
    raise load.NotStored("the web process was not found")


def descends(children: dict[int, tuple[int, str]], pid: int, ancestor: int) -> bool:
    while pid in children:
        if pid == ancestor:
            return True
        pid = children[pid][0]
    return False


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES


if __name__ == "__main__":
    main()
