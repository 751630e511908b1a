"""Requests that never quite arrive take no threads."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from serving import Open, Site, answered

from chat_bridge.push import arrivals
from chat_bridge.push.arrivals import Arrival, arrival

GET = b"GET /hello HTTP/1.1\r\nHost: x\r\n"
JSON = b"Content-Type: application/json\r\n"
POST = b"POST /events HTTP/1.1\r\nHost: x\r\n" + JSON + b"Content-Length: %d\r\n\r\n"
SLOW = 100


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"GE", Arrival.PART),
        (GET, Arrival.PART),
        (GET + b"\r\n", Arrival.WHOLE),
        (GET + b"\r\nGET", Arrival.WHOLE),
        (POST % 3 + b"{}", Arrival.PART),
        (POST % 2 + b"{}", Arrival.WHOLE),
        (POST % 40_000 + b"{}", Arrival.LARGE),
        (GET + b"content-LENGTH:\t2\r\n\r\n{", Arrival.PART),
        (GET + b"Transfer-Encoding: chunked\r\n\r\n", Arrival.LARGE),
        (GET + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", Arrival.LARGE),
        (b"\r\n\r\nGET", Arrival.LARGE),
        (b"x" * arrivals.SMALL, Arrival.LARGE),
    ],
)
def test_how_much_of_a_request_is_there(data: bytes, expected: Arrival) -> None:
    assert arrival(data) is expected


@contextmanager
def slow(site: Site, beginning: bytes, count: int = SLOW) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        found = [
            stack.enter_context(socket.create_connection(("127.0.0.1", site.port), 20))
            for _ in range(count)
        ]
        for peer in found:
            peer.sendall(beginning)
        time.sleep(0.2)
        yield found


@pytest.mark.parametrize(
    "beginning",
    [GET, POST % 200 + b'{"session', POST % 10_000_000 + b"{", GET + b"\r\n" + GET],
    ids=["headers", "a body", "a large body", "the next headers"],
)
def test_slow_clients_hold_up_nobody(site: Site, beginning: bytes) -> None:
    with slow(site, beginning) as peers:
        for peer in peers[:10]:
            peer.sendall(b"X")
        began = time.monotonic()
        assert [site.call("GET", "/hello")[0] for _ in range(20)] == [200] * 20
        assert time.monotonic() - began < 10  # the slow ones have 15 seconds


def test_a_request_in_many_pieces_is_answered(site: Site) -> None:
    body = b'{"session_id": "session_pieces", "text": "Hello"}'
    request = POST % len(body) + body
    with socket.create_connection(("127.0.0.1", site.port), 20) as peer:
        for at in range(0, len(request), 7):
            peer.sendall(request[at : at + 7])
            time.sleep(0.005)
        answered(peer, b"}\n")
        peer.sendall(GET)
        time.sleep(0.05)
        peer.sendall(b"\r\n")
        answered(peer, b"hello")


def test_whoever_leaves_within_a_request_is_forgotten(site: Site) -> None:
    with slow(site, GET, 5) as peers:
        for peer in peers:
            peer.shutdown(socket.SHUT_WR)
            assert peer.recv(4096) == b""


def test_time_runs_out(open_site: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLOW_CLIENTS_HAVE", "1")
    site = open_site()
    with slow(site, GET, 3) as peers:
        assert all(peer.recv(4096).startswith(b"HTTP/1.1 408 ") for peer in peers)
    assert site.call("GET", "/hello")[0] == 200
