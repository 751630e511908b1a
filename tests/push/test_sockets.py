import json
import threading
import time
from typing import Any

import pytest
import websocket
from serving import Open, Site, close_code, frame

from tests.patience import await_true

DEFLATE = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}


def texts(ws: websocket.WebSocket, count: int) -> list[str]:
    return [frame(ws)["data"]["text"] for _ in range(count)]


def test_an_event_reaches_its_session_and_no_other(site: Site) -> None:
    ana, ben = site.join("session_id=ana"), site.join("session_id=ben")
    assert frame(ana)["type"] == "ready"
    assert frame(ben)["type"] == "ready"
    seq = site.happen("ana", "for Ana")
    site.happen("ben", "for Ben")
    assert frame(ana) == {
        "seq": seq,
        "session_id": "ana",
        "kind": "response.created",
        "data": {"text": "for Ana"},
        "created_at": "2026-11-21T10:00:00.000Z",
    }
    assert texts(ben, 1) == ["for Ben"]


def test_resumes_from_a_cursor_without_gap_or_double(site: Site) -> None:
    first = site.happen("lena", "seen")
    site.happen("lena", "missed #", times=130)
    ws = site.join(f"session_id=lena&cursor={first}")
    assert frame(ws) == {"type": "ready", "session_id": "lena", "cursor": str(first)}
    site.happen("lena", "live")
    assert texts(ws, 131) == [f"missed {number}" for number in range(130)] + ["live"]


def test_a_storm_while_it_catches_up_stays_in_order(site: Site) -> None:
    stop = threading.Event()

    def storm() -> None:
        number = 0
        while not stop.is_set():
            site.happen("mia", f"{number}")
            number += 1

    thread = threading.Thread(target=storm)
    thread.start()
    try:
        for _ in range(5):
            ws = site.join("session_id=mia&cursor=0")
            frame(ws)
            assert texts(ws, 60) == [str(number) for number in range(60)]
            ws.close()
    finally:
        stop.set()
        thread.join()


def test_erased_events_do_not_end_the_backlog(site: Site) -> None:
    site.happen("olga", "erased", times=120)
    site.happen("olga", "kept")
    ws = site.join("session_id=olga&cursor=0")
    frame(ws)
    assert texts(ws, 1) == ["kept"]


def test_an_expired_cursor_is_said_and_closed(open_site: Open) -> None:
    site = open_site()
    site.happen("pia", "old", times=1001)
    ws = site.join("session_id=pia&cursor=3")
    assert frame(ws)["error_code"] == "cursor_expired"
    assert close_code(ws) == 1008


def test_staff_sees_what_visitors_do_not(site: Site) -> None:
    visitor = site.join("session_id=rosa")
    agent = site.join("", header={"Authorization": "Bearer sk_osman"}, suppress_origin=True)
    assert frame(visitor)["type"] == "ready"
    assert frame(agent) == {"type": "ready", "session_id": None, "cursor": agent_cursor(site)}
    site.happen("rosa", "internal", audience="staff")
    site.happen("rosa", "public")
    assert texts(visitor, 1) == ["public"]
    assert texts(agent, 2) == ["internal", "public"]


def agent_cursor(site: Site) -> str:
    ws = site.join("session_id=nobody")
    return str(frame(ws)["cursor"])


def test_a_long_event_is_only_announced(site: Site) -> None:
    ws = site.join("session_id=timo")
    frame(ws)
    seq = site.happen("timo", "x" * 20_000)
    assert frame(ws) == {
        "seq": seq,
        "kind": "response.created",
        "session_id": "timo",
        "truncated": True,
    }


def test_ping_typing_message_and_nonsense(site: Site) -> None:
    visitor = site.join("session_id=vera")
    agent = site.join("session_id=vera", header={"Authorization": "Bearer sk_osman"})
    frame(visitor), frame(agent)
    visitor.send(json.dumps({"type": "ping"}))
    visitor.send("ping")
    assert [frame(visitor), frame(visitor)] == [{"type": "pong"}] * 2
    visitor.send(json.dumps({"type": "typing"}))
    typing = frame(agent)
    assert (typing["kind"], typing["seq"]) == ("typing", None)
    visitor.send(json.dumps({"type": "message", "message": "hello", "client_msg_id": "m1"}))
    got = [frame(visitor), frame(visitor)]
    answer = next(entry for entry in got if entry.get("type") == "message")
    assert answer["client_msg_id"] == "m1"
    assert answer["status_code"] == 200
    hostile = r'{"type":"message","message":"a\u0000"}', r'{"type":"message","message":"\ud800"}'
    for nonsense in ('{"type":"dance"}', "no json", "[1]", *hostile):
        visitor.send(nonsense)
    codes = [frame(visitor)["error_code"] for _ in range(5)]
    assert codes == ["unknown_type", *["invalid_json"] * 4]


def test_the_first_frame_may_bring_the_secret(site: Site) -> None:
    ws = site.join("session_id=noras")
    ws.send(json.dumps({"type": "auth", "token": "nora-secret"}))
    assert frame(ws)["session_id"] == "noras"
    site.happen("noras", "secret news")
    assert texts(ws, 1) == ["secret news"]


def test_subscribe_authorises_again(site: Site) -> None:
    ws = site.join("session_id=noras", cookie="cb_visitor=nora-secret")
    frame(ws)
    ws.send(json.dumps({"type": "subscribe", "session_id": "ivos"}))
    assert frame(ws)["error_code"] == "session_not_found"
    seq = site.happen("walk-in", "before")
    ws.send(json.dumps({"type": "subscribe", "session_id": "walk-in", "cursor": seq - 1}))
    assert frame(ws)["session_id"] == "walk-in"
    assert texts(ws, 1) == ["before"]
    site.happen("noras", "no longer followed")
    site.happen("walk-in", "after")
    assert texts(ws, 1) == ["after"]


@pytest.mark.parametrize("token", ["wrong", "ivo-secret"])
def test_a_wrong_secret_in_the_first_frame_closes(site: Site, token: str) -> None:
    ws = site.join("session_id=noras")
    ws.send(json.dumps({"type": "auth", "token": token}))
    assert frame(ws)["error_code"] == "session_not_found"
    assert close_code(ws) == 1008


def test_silence_instead_of_a_secret_closes_within_five_seconds(site: Site) -> None:
    began = time.monotonic()
    ws = site.join("session_id=noras")
    assert close_code(ws) == 1008
    assert time.monotonic() - began > 4


OWN = "http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("origin", "header", "query", "status"),
    [
        (OWN, {}, "session_id=open", 101),
        ("https://chat.example.org", {}, "session_id=open", 101),
        ("http://shop.example", {}, "session_id=open", 101),
        ("http://shop.example:80", {}, "session_id=open", 101),
        ("http://shop.example:8080", {}, "session_id=open", 403),
        ("https://shop.example", {}, "session_id=open", 403),
        ("http://evil.example", {}, "session_id=open", 403),
        ("http://127.0.0.1:{port}@evil.example", {}, "session_id=open", 403),
        ("https://127.0.0.1:{port}", {}, "session_id=open", 403),
        ("null", {}, "session_id=open", 403),
        (None, {}, "session_id=open", 403),
        (None, {"Cookie": "cb_visitor=nora-secret"}, "session_id=noras", 403),
        (None, {"X-Session-Token": "nora-secret"}, "session_id=noras", 101),
        (None, {"Authorization": "Bearer sk_osman"}, "session_id=noras", 101),
        (None, {"Authorization": "Bearer sk_wrong"}, "session_id=noras", 401),
        ("http://evil.example", {"Cookie": "cb_visitor=nora-secret"}, "session_id=noras", 403),
        (OWN, {"Cookie": "cb_visitor=nora-secret"}, "session_id=noras", 101),
        (OWN, {"Cookie": "cb_visitor=ivo-secret"}, "session_id=noras", 404),
        (OWN, {"X-Session-Token": "wrong"}, "session_id=noras", 404),
        (OWN, {}, "session_id=noras&token=nora-secret", 101),  # the query is never read: not ready
    ],
)
def test_who_is_let_in_before_the_upgrade(
    site: Site, origin: str | None, header: dict[str, str], query: str, status: int
) -> None:
    place = origin and origin.format(port=site.port)
    options: dict[str, Any] = {"header": header, "origin": place, "suppress_origin": place is None}
    if status != 101:
        with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
            site.join(query, **options)
        assert refusal.value.status_code == status
        return
    ws = site.join(query, **options)
    if "token=" in query:
        ws.settimeout(0.5)
        with pytest.raises(websocket.WebSocketTimeoutException):
            ws.recv()
    else:
        assert frame(ws)["type"] == "ready"
    ws.close()


def test_compression_is_never_agreed(site: Site) -> None:
    ws = site.join("session_id=open", header=DEFLATE)
    assert "sec-websocket-extensions" not in ws.headers
    frame(ws)
    site.happen("open", "plain" * 500)
    assert texts(ws, 1) == ["plain" * 500]


def test_sockets_of_one_address_are_counted_and_given_back(open_site: Open) -> None:
    site = open_site(per_address=3)
    held = [site.join("session_id=open") for _ in range(3)]
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        site.join("session_id=open")
    assert refusal.value.status_code == 429
    held[0].close()
    await_true(lambda: admitted(site))


def admitted(site: Site) -> bool:
    try:
        return bool(frame(site.join("session_id=open"))["type"] == "ready")
    except websocket.WebSocketBadStatusException:
        return False


def test_plain_http_on_the_socket_path_is_refused(site: Site) -> None:
    assert site.call("GET", "/ws?session_id=open")[0] == 400
