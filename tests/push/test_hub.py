"""What clients can do to the hub, and what it does to them."""

import json
import signal
import socket
import struct
import time
from pathlib import Path

import pytest
import websocket
from serving import OPENED, Open, Site, close_code, frame
from websocket import ABNF

from chat_bridge.push.websocket import PING_EVERY, SILENT_FOR
from tests.patience import await_true


def settled(site: Site, session_id: str) -> websocket.WebSocket:
    ws = site.join(f"session_id={session_id}")
    assert frame(ws)["type"] == "ready"
    return ws


def memory(site: Site) -> int:
    """Resident bytes of the worker."""
    own = site.process.pid
    worker = Path(f"/proc/{own}/task/{own}/children").read_text().split()[0]
    return int(Path(f"/proc/{worker}/statm").read_text().split()[1]) * 4096


def test_a_message_of_64_kb_is_read_and_a_longer_one_closes(site: Site) -> None:
    ws = settled(site, "open")
    ws.send("x" * 65_536)
    assert frame(ws)["error_code"] == "invalid_json"
    ws.send("x" * 65_537)
    assert close_code(ws) == 1009


def test_a_message_in_many_fragments_is_put_together(site: Site) -> None:
    ws = settled(site, "open")
    said = json.dumps({"type": "ping"})
    ws.send_frame(ABNF.create_frame(said[:5], ABNF.OPCODE_TEXT, fin=0))
    ws.send_frame(ABNF.create_frame(said[5:9], ABNF.OPCODE_CONT, fin=0))
    ws.send_frame(ABNF.create_frame(said[9:], ABNF.OPCODE_CONT, fin=1))
    assert frame(ws) == {"type": "pong"}


def test_fragments_without_end_close(site: Site) -> None:
    ws = settled(site, "open")
    ws.send_frame(ABNF.create_frame("x", ABNF.OPCODE_TEXT, fin=0))
    for _ in range(500):
        ws.send_frame(ABNF.create_frame("", ABNF.OPCODE_CONT, fin=0))
    assert close_code(ws) == 1008


def test_invalid_utf_8_closes(site: Site) -> None:
    ws = settled(site, "open")
    ws.send_frame(ABNF(1, 0, 0, 0, ABNF.OPCODE_TEXT, 1, b"\xff\xfe"))
    assert close_code(ws) == 1007


def test_binary_and_compressed_frames_close(site: Site) -> None:
    ws = settled(site, "open")
    ws.send_binary(b"\x00")
    assert close_code(ws) == 1003
    ws = settled(site, "open")
    ws.send_frame(ABNF(1, 1, 0, 0, ABNF.OPCODE_TEXT, 1, b"\x00" * 100))
    assert close_code(ws) == 1002


def test_more_than_twenty_messages_in_ten_seconds_close(site: Site) -> None:
    ws = settled(site, "open")
    for _ in range(21):
        ws.send("ping")
    assert [frame(ws) for _ in range(20)] == [{"type": "pong"}] * 20
    assert close_code(ws) == 1008


def test_a_flood_is_cut_off_and_others_go_on(site: Site) -> None:
    calm = settled(site, "calm")
    before = memory(site)
    ws = settled(site, "open")
    for _ in range(200):
        ws.sock.sendall(b"\x89\x80\x00\x00\x00\x00" * 20_000)
    assert close_code(ws) == 1008
    site.happen("calm", "still here")
    assert frame(calm)["data"]["text"] == "still here"
    assert memory(site) - before < 20 << 20


def test_a_huge_announced_frame_costs_nothing(site: Site) -> None:
    before = memory(site)
    for _ in range(5):
        ws = settled(site, "open")
        ws.sock.sendall(b"\x81\xff" + struct.pack("!Q", 64 << 20) + b"\x00" * 4)
        try:
            for _ in range(64):
                ws.sock.sendall(b"x" * (1 << 20))
        except OSError:
            continue
    assert memory(site) - before < 20 << 20


def test_a_slow_reader_is_dropped_and_others_go_on(site: Site) -> None:
    quick = settled(site, "busy")
    slow = site.join("session_id=busy", sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
    assert frame(slow)["type"] == "ready"
    for _ in range(40):
        site.happen("busy", "x" * 12_000, times=20)
        for _ in range(20):  # each within the ten seconds that a read waits
            assert frame(quick)["kind"] == "response.created"
    await_true(lambda: not sockets_of(site, slow))
    site.happen("busy", "after")
    assert frame(quick)["data"]["text"] == "after"


def sockets_of(site: Site, ws: websocket.WebSocket) -> bool:
    """Whether the server still has its end of this connection established."""
    port = f"{ws.sock.getsockname()[1]:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    return any(
        row[1].endswith(f":{site.port:04X}") and row[2].endswith(f":{port}") and row[3] == "01"
        for row in rows[1:]
    )


def test_a_reader_behind_gets_everything_at_its_own_pace(site: Site) -> None:
    slow = site.join("session_id=later", sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
    assert frame(slow)["type"] == "ready"
    site.happen("later", "# " + "x" * 12_000, times=400)
    for number in range(400):
        assert frame(slow)["data"]["text"].split()[0] == str(number)
        if number % 50 == 0:
            time.sleep(0.2)


def test_going_away_closes_sockets_1012_and_polls_with_an_empty_answer(open_site: Open) -> None:
    site = open_site(workers=2)
    joined = [settled(site, "open") for _ in range(4)]
    poll = "GET /wait?session_id=x&cursor=0&seconds=60 HTTP/1.1\nHost: x\n\n"
    polls = [site.raw(poll) for _ in range(3)]
    stream = site.raw("GET /stream?session_id=x&cursor=0 HTTP/1.1\nHost: x\n\n")
    await_true(lambda: all(site.taken(peer) for peer in (*polls, stream)))
    site.process.send_signal(signal.SIGTERM)
    assert [close_code(ws) for ws in joined] == [1012] * 4
    for ws in joined:
        ws.shutdown()
    for peer in polls:
        answer = everything(peer)
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert answer.endswith(b"\r\n\r\n[]")
    assert everything(stream).startswith(b"HTTP/1.1 200 OK\r\n")
    assert site.process.wait(30) == 0
    assert "Traceback" not in site.log.read_text()


def everything(peer: socket.socket) -> bytes:
    got = b""
    while piece := peer.recv(65536):
        got += piece
    return got


def test_a_request_under_way_is_answered_before_the_end(open_site: Open) -> None:
    site = open_site()
    body = json.dumps({"session_id": "late", "text": "kept"})
    raw = site.raw(
        "POST /events HTTP/1.1\nHost: x\nContent-Type: application/json\n"
        f"Content-Length: {len(body)}\n\n"
    )
    await_true(lambda: site.taken(raw))
    site.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    raw.sendall(body.encode())
    assert raw.recv(65536).startswith(b"HTTP/1.1 200")
    assert site.process.wait(30) == 0


def test_idle_sockets_are_pinged_and_silent_ones_dropped(
    open_site: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sooner than the minute after which proxies end what is idle; here in twos of seconds."""
    assert (PING_EVERY, SILENT_FOR) == (25, 50)
    monkeypatch.setenv("PINGS_EVERY", "2")
    site = open_site()
    began = time.monotonic()
    polite, silent = settled(site, "open"), settled(site, "open")
    OPENED.append(silent.shutdown)
    for _ in range(2):
        opcode, _ = polite.recv_data(control_frame=True)  # which sends the pong as well
        assert opcode == ABNF.OPCODE_PING
    assert time.monotonic() - began >= 4
    await_true(lambda: not sockets_of(site, silent))
    polite.send("ping")
    assert frame(polite) == {"type": "pong"}
