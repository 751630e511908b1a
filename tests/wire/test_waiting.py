"""Long polls and streams: answered at the commit, empty at their end, without gap or double."""

import http.client
import time
from collections.abc import Iterator

import pytest

from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Caller
from tests.wire.waiting import answered_after, at_once


@pytest.mark.parametrize("action", ["responses", "events"])
def test_a_visitors_poll_is_answered_at_the_commit(
    ada: Caller, charles: Caller, session: str, action: str
) -> None:
    def once() -> float:
        cursor = ada.call("GET", f"/api/v1/sessions/{session}").data["cursor"]
        took, answer = answered_after(
            lambda: ada.get(action, session_id=session, cursor=cursor, wait=30),
            lambda: charles.reply(session, "Here I am"),
        )
        (found,) = answer.data[action]
        response = found if action == "responses" else found["data"]["response"]
        assert response["response"] == "Here I am"
        again = ada.get(action, session_id=session, cursor=answer.data["cursor"])
        assert again.data[action] == []
        return took

    assert at_once(once)


@pytest.mark.parametrize("action", ["responses", "events"])
def test_a_poll_ends_with_an_empty_page_of_the_same_form(
    ada: Caller, session: str, action: str
) -> None:
    cursor = ada.call("GET", f"/api/v1/sessions/{session}").data["cursor"]
    began = time.monotonic()
    answer = ada.get(action, session_id=session, cursor=cursor, wait=1)
    assert 0.9 < time.monotonic() - began < 29
    assert answer.data[action] == []
    assert answer.data["cursor"] == cursor
    at_once = ada.get(action, session_id=session, cursor=cursor, wait=0)
    assert answer.data == at_once.data
    assert answer.json.keys() == at_once.json.keys()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_inbox_poll_ends_with_an_empty_page(bridge: RunningBridge) -> None:
    """The agent of nobody's messages: those of the other tests wait for the default one."""
    agent = caller.agent(bridge)
    began = time.monotonic()
    data = agent.get("inbox", wait=1, after_id=10**12).data
    assert 0.9 < time.monotonic() - began < 29
    assert data["messages"] == []
    assert data["pagination"].keys() == {"total", "limit", "offset", "has_more"}


def test_somebody_elses_events_end_no_poll(ada: Caller, charles: Caller, session: str) -> None:
    ada.say("session_other", "hi")
    cursor = ada.call("GET", f"/api/v1/sessions/{session}").data["cursor"]
    took, answer = answered_after(
        lambda: ada.get("events", session_id=session, cursor=cursor, wait=3),
        lambda: charles.reply("session_other", "not for you"),
    )
    assert answer.data["events"] == []
    assert took > 1


def test_a_poll_with_old_news_does_not_wait(ada: Caller, session: str) -> None:
    began = time.monotonic()
    assert ada.get("events", session_id=session, cursor=0, wait=30).data["events"]
    assert time.monotonic() - began < 29


@pytest.mark.parametrize("wait", ["abc", "-5", "nan", "", "0"])
def test_an_odd_wait_does_not_wait(ada: Caller, session: str, wait: str) -> None:
    cursor = ada.call("GET", f"/api/v1/sessions/{session}").data["cursor"]
    began = time.monotonic()
    assert ada.get("events", session_id=session, cursor=cursor, wait=wait).data["events"] == []
    assert time.monotonic() - began < 4


class Stream:
    """Server-sent events, read block by block."""

    def __init__(
        self, port: int, session: str, last: str | None = None, cursor: str = "0", *,
        cookie: str = "",
    ) -> None:  # fmt: skip
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Accept": "text/event-stream", "Cookie": cookie}
        if last is not None:
            headers["Last-Event-ID"] = last
        path = f"/api/v1/?action=events&session_id={session}&cursor={cursor}"
        self.connection.request("GET", path, headers=headers)
        self.answer = self.connection.getresponse()

    def __iter__(self) -> Iterator[dict[str, str]]:
        block: dict[str, str] = {}
        while line := self.answer.readline().decode():
            name, _, value = line.partition(":")
            block[name] = value.strip()
            if not line.strip():
                if "id" in block:
                    yield block
                block = {}

    def take(self, count: int) -> list[str]:
        found = []
        for block in self:
            found.append(block["id"])
            if len(found) == count:
                break
        return found

    def close(self) -> None:
        self.connection.close()


def test_a_stream_goes_on_where_it_broke_without_gap_or_double(
    bridge: RunningBridge, charles: Caller, session: str
) -> None:
    for number in range(4):
        charles.reply(session, f"answer {number}")
    first = Stream(bridge.port, session)
    assert first.answer.status == 200
    assert first.answer.headers["Content-Type"].startswith("text/event-stream")
    seen = first.take(3)
    first.close()
    charles.reply(session, "while nobody listened")
    second = Stream(bridge.port, session, last=seen[-1])
    charles.reply(session, "while somebody listens")
    seen += second.take(4)
    second.close()
    ada = caller.visitor(bridge)
    events = ada.get("events", session_id=session, cursor=0, limit=500).data["events"]
    assert seen == [str(event["seq"]) for event in events]
    assert len(seen) == 7


def test_the_last_event_id_wins_over_the_cursor(
    bridge: RunningBridge, charles: Caller, session: str
) -> None:
    last = (
        charles.reply(session, "one")
        and caller.visitor(bridge).get("events", session_id=session, cursor=0).data["cursor"]
    )
    charles.reply(session, "two")
    stream = Stream(bridge.port, session, last=last, cursor="0")
    assert int(stream.take(1)[0]) > int(last)
    stream.close()


def test_a_stream_for_a_stranger_is_refused_before_it_begins(bridge: RunningBridge) -> None:
    stream = Stream(bridge.port, "session_nobody")
    assert stream.answer.status == 404
    assert b"session_not_found" in stream.answer.read()
    stream.close()


class TestResponsesWithoutACursor:
    """What new readers ask first: what there is, and if that is nothing, the next one."""

    def test_are_told_at_once_where_there_are_some(
        self, ada: Caller, charles: Caller, session: str
    ) -> None:
        charles.reply(session, "One")
        began = time.monotonic()
        data = ada.get("responses", session_id=session, wait=30).data
        assert [item["response"] for item in data["responses"]] == ["One"]
        assert time.monotonic() - began < 29
        assert ada.get("responses", session_id=session, cursor=data["cursor"]).data == {
            **data, "responses": [],
        }  # fmt: skip

    def test_keep_to_the_instant_they_were_asked_since(
        self, ada: Caller, charles: Caller, session: str
    ) -> None:
        charles.reply(session, "Before")
        _, answer = answered_after(
            lambda: ada.get("responses", session_id=session, since="2999-01-01", wait=30),
            lambda: charles.reply(session, "After"),
        )
        assert [item["response"] for item in answer.data["responses"]] == ["After"]


def test_responses_behind_a_thousand_other_events_are_found_at_once(
    ada: Caller, charles: Caller, session: str
) -> None:
    for number in range(1_001):
        ada.say(session, f"message {number}")
    charles.reply(session, "At last")
    began = time.monotonic()
    data = ada.get("responses", session_id=session, cursor=0, wait=30).data
    assert [item["response"] for item in data["responses"]] == ["At last"]
    assert time.monotonic() - began < 29
