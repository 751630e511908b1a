import http.client
import json
import threading
import time
from concurrent.futures import Future
from typing import Any

import pytest
from serving import OPENED, Open, Site

from chat_bridge.ports import Wait
from chat_bridge.push.streams import BlockingWaiting
from chat_bridge.push.subscription import Backlog
from tests.patience import LONG
from tests.push.small_site import SCHEMA, Events, Unheeded, encode


def waiting(site: Site, query: str) -> "Future[Any]":
    found: Future[Any] = Future()

    def ask() -> None:
        try:
            found.set_result(site.call("GET", query)[1])
        except OSError as fault:
            found.set_exception(fault)

    threading.Thread(target=ask, daemon=True).start()
    time.sleep(0.15)
    return found


def test_a_parked_poll_is_answered_by_the_commit(woken: Site) -> None:
    for number in range(10):
        newest = woken.happen("emil", "before")
        asked = waiting(woken, f"/wait?session_id=emil&cursor={newest}&seconds=60")
        woken.happen("emil", f"{number}")
        assert asked.result(LONG)[0]["data"]["text"] == f"{number}"


def test_who_waits_for_all_sessions_hears_of_any(site: Site) -> None:
    newest = site.happen("anybody", "before")
    asked = waiting(site, f"/wait?session_id=*&cursor={newest}&seconds=20")
    site.happen("somebody", "news")
    assert asked.result(LONG)[0]["data"]["text"] == "news"


def test_an_event_between_the_first_look_and_the_parking_is_seen(site: Site) -> None:
    newest = site.happen("finn", "before")
    began = time.monotonic()
    query = f"/wait?session_id=finn&cursor={newest}&seconds=20&commit_before_parking=between"
    status, answer = site.call("GET", query)
    assert (status, answer[0]["data"]["text"]) == (200, "between")
    assert time.monotonic() - began < 9


def test_no_poll_is_forgotten_while_events_pour_in(woken: Site) -> None:
    """Each poll asks for what comes after the last one; none is found by the look around."""
    cursor, seen = 0, 0
    stop = threading.Event()

    def pour() -> None:
        while not stop.is_set():
            woken.happen("gina", "drop")
            time.sleep(0.002)

    thread = threading.Thread(target=pour)
    thread.start()
    try:
        while seen < 150:
            answer = woken.call("GET", f"/wait?session_id=gina&cursor={cursor}&seconds=15")[1]
            assert answer
            seen += len(answer)
            cursor = answer[-1]["seq"]
    finally:
        stop.set()
        thread.join()


def test_time_up_is_an_empty_answer_with_all_headers(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    OPENED.append(connection.close)
    began = time.monotonic()
    connection.request("GET", "/wait?session_id=hugo&cursor=0&seconds=1")
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.read() == b"[]"
    assert 0.9 < time.monotonic() - began < 9
    headers = {name.lower(): value for name, value in answer.getheaders()}
    assert headers["content-type"] == "application/json"
    assert (headers["x-by"], headers["x-stamp"]) == ("site", "after-request")
    assert headers["content-length"] == "2"


def test_an_answer_that_is_there_keeps_the_connection(site: Site) -> None:
    site.happen("ida", "there")
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    OPENED.append(connection.close)
    for _ in range(3):
        connection.request("GET", "/wait?session_id=ida&cursor=0&seconds=20")
        answer = connection.getresponse()
        assert json.loads(answer.read())[0]["data"]["text"] == "there"
        assert answer.getheader("Connection") == "keep-alive"


def test_each_message_wakes_one_inbox_poll_of_many(site: Site) -> None:
    asked = [waiting(site, f"/inbox?holder=agent{number}&seconds=6") for number in range(5)]
    for number in range(3):
        site.call("POST", "/messages", {"text": f"job {number}"})
    answers = [found.result(LONG) for found in asked]
    taken = sorted(answer["text"] for answer in answers if answer)
    assert taken == ["job 0", "job 1", "job 2"]
    assert answers.count({}) == 2


def test_a_message_claimed_for_somebody_who_left_goes_to_the_next(site: Site) -> None:
    for _ in range(5):
        gone = site.raw("GET /inbox?holder=gone&seconds=20 HTTP/1.1\nHost: x\n\n")
        time.sleep(0.05)
        gone.close()
        site.call("POST", "/messages", {"text": "for whoever is there"})
        answer = site.call("GET", "/inbox?holder=there&seconds=15")[1]
        assert answer.get("text") == "for whoever is there"


def read_stream(site: Site, query: str, count: int, last: int | None = None) -> list[str]:
    header = "" if last is None else f"Last-Event-ID: {last}\n"
    with site.raw(f"GET /stream?{query} HTTP/1.1\nHost: x\n{header}\n") as raw:
        got = b""
        while got.count(b"data: ") < count:
            piece = raw.recv(65536)
            assert piece, got
            got += piece
    return [
        json.loads(line.removeprefix("data: "))["data"]["text"]
        for line in got.decode().split("\n")
        if line.startswith("data: ")
    ]


def test_a_stream_resumes_without_gap_or_double(site: Site) -> None:
    seq = site.happen("jana", "#", times=120)
    first = seq - 119
    assert read_stream(site, f"session_id=jana&cursor={first}", 119)[:2] == ["1", "2"]
    resumed = read_stream(site, f"session_id=jana&cursor={first}", 10, last=seq - 10)
    assert resumed == [str(number) for number in range(110, 120)]


def test_a_stream_says_id_kind_and_data(site: Site) -> None:
    with site.raw("GET /stream?session_id=kim&cursor=0 HTTP/1.1\nHost: x\n\n") as raw:
        got = b""
        while not got.endswith(b"retry: 2000\n\n"):
            piece = raw.recv(65536)
            assert piece, got
            got += piece
        opening = got.decode()
        assert opening.startswith("HTTP/1.1 200 OK\r\n")
        assert "Content-Type: text/event-stream" in opening
        seq = site.happen("kim", "tick")
        assert raw.recv(65536).decode().startswith(f"id: {seq}\nevent: response.created\ndata: {{")


def test_an_event_written_in_another_process_arrives(
    open_site: Open, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOKS_EVERY", "60")
    here, there = open_site(tmp_path), open_site(tmp_path)
    ws = here.join("session_id=lou")
    assert json.loads(ws.recv())["type"] == "ready"
    for number in range(10):
        there.happen("lou", f"{number}")
        assert json.loads(ws.recv())["data"]["text"] == f"{number}"


def test_two_workers_share_one_installation(open_site: Open) -> None:
    site = open_site(workers=2)
    joined = [site.join("session_id=max") for _ in range(8)]
    for ws in joined:
        assert json.loads(ws.recv())["type"] == "ready"
    site.happen("max", "all of you")
    for ws in joined:
        assert json.loads(ws.recv())["data"]["text"] == "all of you"


def blocking(events: Events) -> BlockingWaiting:
    nothing: Any = None  # nothing claims here
    return BlockingWaiting(Backlog(events, encode, claims=nothing, readers=Unheeded()))


class TestWithoutAServerSocket:
    @pytest.fixture
    def events(self, tmp_path: Any) -> Any:
        events = Events(tmp_path / "events.db")
        events.database.executescript(SCHEMA)
        yield events
        events.database.close()

    def test_a_thread_waits_for_the_answer(self, events: Events) -> None:
        answers = iter([None, None, b"[1]"])
        wait = Wait(
            "nora", 5, lambda: next(answers), lambda: b"[]", lambda body: None, {"X-By": "us"}
        )
        answer = blocking(events).hold({}, wait)
        assert answer.get_data() == b"[1]"
        assert answer.headers["X-By"] == "us"

    def test_time_up_is_the_empty_answer(self, events: Events) -> None:
        wait = Wait("nora", 0.1, lambda: None, lambda: b"[]", lambda body: None, {})
        answer = blocking(events).hold({}, wait)
        assert answer.get_data() == b"[]"

    def test_a_stream_is_a_generator(self, events: Events) -> None:
        events.add("nora", "response.created", "one")
        events.add("nora", "response.created", "hidden", "staff")
        events.add("nora", "response.created", "two")
        answer = blocking(events).stream({}, "nora", cursor=0, visitor=False)
        chunks = iter(answer.response)
        got = [next(chunks) for _ in range(3)]
        assert got[0] == b"retry: 2000\n\n"
        assert [b"one" in got[1], b"two" in got[2]] == [True, True]
