import resource
import signal
import socket
import time
from collections.abc import Iterator

import pytest
from serving import OPENED, Open, Site, answered

from chat_bridge.wsgi import Listening
from tests.patience import await_true

CONNECTIONS = Listening.connections


def silent(site: Site) -> socket.socket:
    found = socket.create_connection(("127.0.0.1", site.port), timeout=10)
    OPENED.append(found.close)
    return found


def test_spare_connections_take_no_threads(site: Site) -> None:
    spare = [silent(site) for _ in range(40)]
    await_true(lambda: all(site.taken(peer) for peer in spare))
    began = time.monotonic()
    assert site.call("GET", "/hello")[0] == 200
    assert time.monotonic() - began < 8
    spare[7].sendall(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
    assert spare[7].recv(4096).startswith(b"HTTP/1.1 200")


def test_requests_sent_in_one_go_are_all_answered(site: Site) -> None:
    raw = site.raw("GET /hello HTTP/1.1\nHost: x\n\n" * 3 + "GET /hello HTTP/1.0\n\n")
    got = b""
    while piece := raw.recv(65536):
        got += piece
    assert got.count(b"HTTP/1.1 200 OK") + got.count(b"HTTP/1.0 200 OK") == 4


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize("asked", [0, 1])
def test_silent_connections_make_place(open_site: Open, asked: int) -> None:
    """All that a process may hold, before their first request or after it: who comes then is
    answered, and those that were silent longest have gone."""
    site = open_site()
    held = [silent(site) for _ in range(CONNECTIONS + 20)]
    for peer in held[:CONNECTIONS] if asked else ():
        peer.sendall(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
    for peer in held[: CONNECTIONS - 30] if asked else ():
        answered(peer, b"hello")
    began = time.monotonic()
    for _ in range(20):
        assert site.call("GET", "/hello")[0] == 200
    assert time.monotonic() - began < 18
    assert held[0].recv(10) == b""
    held[-1].sendall(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
    assert held[-1].recv(4096).startswith(b"HTTP/1.1 200")


def test_silent_connections_do_not_hold_up_the_end(open_site: Open) -> None:
    site = open_site()
    held = [silent(site) for _ in range(3)]
    assert site.call("GET", "/hello")[0] == 200
    began = time.monotonic()
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(30) == 0
    assert time.monotonic() - began < 6
    assert held[0].recv(10) == b""
