"""A load generator that costs the machine little: one thread, raw kept connections, epoll. Each
client sends its next request when the answer to the last one is complete."""

import json
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

Body = Callable[[int], bytes]


class NotStored(RuntimeError):
    """An answer other than 200: a rate measured with refusals in it would be worth nothing."""


@dataclass
class Client:
    number: int
    sock: socket.socket
    started: float = 0.0
    received: bytearray = field(default_factory=bytearray)


def post(path: str, body: dict[str, object]) -> bytes:
    text = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(text)}\r\n\r\n".encode() + text


def run(port: int, clients: int, seconds: float, request: Body) -> list[float]:
    """Latencies in seconds, of every request answered within the time."""
    latencies: list[float] = []
    with selectors.DefaultSelector() as selector, _connected(port, clients) as connected:
        for client in connected:
            selector.register(client.sock, selectors.EVENT_READ, client)
            _ask(client, request)
        end = time.perf_counter() + seconds
        while (now := time.perf_counter()) < end:
            for key, _ in selector.select(end - now):
                client = key.data
                if _answered(client):
                    latencies.append(time.perf_counter() - client.started)
                    _ask(client, request)
    return latencies


@contextmanager
def _connected(port: int, clients: int) -> Iterator[list[Client]]:
    with ExitStack() as stack:
        found = []
        for number in range(clients):
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            found.append(Client(number, sock))
        yield found


def _ask(client: Client, request: Body) -> None:
    client.received.clear()
    client.started = time.perf_counter()
    client.sock.sendall(request(client.number))


def _answered(client: Client) -> bool:
    chunk = client.sock.recv(65536)
    if not chunk:
        raise NotStored("the server closed a kept connection")
    client.received += chunk
    head, separator, body = bytes(client.received).partition(b"\r\n\r\n")
    if not separator:
        return False
    if not head.startswith(b"HTTP/1.1 200"):
        raise NotStored(client.received[:400].decode("utf-8", "replace"))
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    return len(body) >= length
