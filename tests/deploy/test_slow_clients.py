"""500 connections that never finish what they began: behind nginx nobody else notices."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.deploy.conftest import Site
from tests.deploy.test_nginx import CHAT, call

SLOW = 500
HEADERS = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = (
    b"POST /api/v1/?action=messages HTTP/1.1\r\nHost: localhost\r\n"
    b'Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"session_id": "'
)


@contextmanager
def slow_clients(site: Site) -> Iterator[list[socket.socket]]:
    """Half of them stop within their headers, half within their body."""
    trust = site.proxy.trust
    with ExitStack() as stack:
        found = []
        for number in range(SLOW):
            plain = socket.create_connection(("127.0.0.1", site.proxy.port), 20)
            peer = stack.enter_context(trust.wrap_socket(plain, server_hostname="localhost"))
            peer.sendall(HEADERS if number % 2 else BODY)
            found.append(peer)
        yield found


def test_slow_clients_hold_up_nobody(site: Site) -> None:
    with slow_clients(site) as slow:
        seconds = []
        for number in range(60):
            began = time.monotonic()
            body = {"session_id": "session_among_slow", "message": f"{number}"}
            status, _, content = call(site, "POST", f"{CHAT}messages", body)
            assert (status, json.loads(content)["success"]) == (200, True)
            assert call(site, "GET", "/")[0] == 200
            seconds.append(time.monotonic() - began)
            for peer in slow[number::60]:
                with_patience(peer)
    assert sorted(seconds)[len(seconds) // 2] < 1


def with_patience(peer: socket.socket) -> None:
    """One byte more; nginx may have had enough of it."""
    try:
        peer.sendall(b"a")
    except OSError:
        peer.close()
