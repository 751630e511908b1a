"""A streamed answer on the wire: what its writer is told, and what every kind of reader sees."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Answer, Caller
from tests.wire.test_waiting import Stream


@pytest.fixture
def charles(bridge: RunningBridge) -> Caller:
    return caller.agent(bridge)


@pytest.fixture
def ada(bridge: RunningBridge) -> Caller:
    return caller.visitor(bridge)


@pytest.fixture
def session(ada: Caller) -> str:
    name = f"session_pieces_{time.monotonic_ns()}"
    assert ada.say(name, "How does the engine work?").status == 200
    return name


@pytest.fixture
def send(charles: Caller, session: str) -> Callable[..., Answer]:
    def post(stage: str, **body: Any) -> Answer:
        named = {"session_id": session, "stream": stage, "response_id": "engine"}
        return charles.post("outbox", {**named, **body})

    return post


def kinds(ada: Caller, session: str, cursor: str = "0") -> list[str]:
    found = ada.get("events", session_id=session, cursor=cursor, limit=500).data["events"]
    return [event["kind"] for event in found]


def test_an_answer_grows_and_ends_as_one_response(
    ada: Caller, session: str, send: Callable[..., Answer]
) -> None:
    begun = send("start").data
    assert (begun["response_id"], begun["stream"], begun["sequence"]) == ("engine", "start", 0)
    assert send("delta", response="Punched ", sequence=1).data["offset"] == 8
    assert send("delta", delta="cards.", sequence=2).data["offset"] == 14
    assert ada.get("responses", session_id=session).data["responses"] == []
    pieces = ada.get("events", session_id=session, cursor=0).data["events"][-2:]
    assert [piece["kind"] for piece in pieces] == ["response.delta"] * 2
    assert [piece["data"]["delta"] for piece in pieces] == ["Punched ", "cards."]
    assert pieces[1]["data"] == {
        "stream": "delta", "response_id": "engine", "sequence": 2, "offset": 8, "delta": "cards.",
        "message_id": None, "kind": "text", "agent": "default",
    }  # fmt: skip
    ended = send("end").data
    assert (ended["response_id"], ended["stream"], ended["incomplete"]) == ("engine", "end", False)
    (response,) = ada.get("responses", session_id=session).data["responses"]
    assert (response["response"], response["response_id"]) == ("Punched cards.", "engine")
    assert (response["id"], response["incomplete"]) == (ended["id"], False)
    assert kinds(ada, session)[-1] == "response.created"
    assert "response.delta" not in kinds(ada, session)


def test_a_start_without_a_name_is_given_one(ada: Caller, session: str, charles: Caller) -> None:
    start = {"session_id": session, "stream": "start", "response": "Well, "}
    name = charles.post("outbox", start).data["response_id"]
    for stage, text in (("delta", "yes"), ("end", None)):
        body = {"session_id": session, "stream": stage, "response_id": name, "response": text}
        assert charles.post("outbox", body).status == 200
    (response,) = ada.get("responses", session_id=session).data["responses"]
    assert response["response"] == "Well, yes"


def test_every_call_may_be_repeated(ada: Caller, session: str, send: Callable[..., Answer]) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("start", {"response": "One, "}), ("delta", {"sequence": 2, "response": "two, "}),
        ("delta", {"offset": 10, "response": "three"}), ("end", {}),
    ]  # fmt: skip
    for stage, body in calls:
        first, second = send(stage, **body).data, send(stage, **body).data
        assert first == second
    texts = [one["response"] for one in ada.get("responses", session_id=session).data["responses"]]
    assert texts == ["One, two, three"]


def test_a_reader_resumes_by_cursor(ada: Caller, session: str, send: Callable[..., Answer]) -> None:
    send("delta", response="Punched ")
    cursor = ada.get("events", session_id=session, cursor=0).data["cursor"]
    send("delta", response="cards")
    (piece,) = ada.get("events", session_id=session, cursor=cursor).data["events"]
    assert (piece["data"]["offset"], piece["data"]["delta"]) == (8, "cards")
    send("end")
    assert kinds(ada, session, cursor) == ["response.created"]


def test_a_reader_who_comes_in_the_middle_finds_the_text_so_far(
    ada: Caller, session: str, send: Callable[..., Answer]
) -> None:
    send("delta", response="Punched ca")
    page = ada.call("GET", f"/api/v1/sessions/{session}/messages").data
    (growing,) = page["streams"]
    assert growing["response"] == "Punched ca"
    assert (growing["response_id"], growing["offset"], growing["sequence"]) == ("engine", 10, 1)
    send("end")
    assert ada.call("GET", f"/api/v1/sessions/{session}/messages").data["streams"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"stream": "middle"}, "invalid_field"),
        ({"stream": ["start"]}, "invalid_field"),
        ({"stream": {"a": 1}}, "invalid_field"),
        ({"stream": "delta", "response_id": None, "response": "x"}, "missing_fields"),
        ({"stream": "delta", "response_id": "x" * 201}, "invalid_field"),
        ({"stream": "delta", "response_id": True}, "invalid_field"),
        ({"stream": "delta", "response": ["x"]}, "invalid_field"),
        ({"stream": "delta", "response": "x", "sequence": 0}, "invalid_field"),
        ({"stream": "delta", "response": "x", "sequence": "1"}, "invalid_field"),
        ({"stream": "delta", "response": "x", "offset": -1}, "invalid_field"),
        ({"stream": "delta", "response": "x", "offset": 1 << 40}, "invalid_field"),
        ({"stream": "delta", "response": "x" * 65_537}, "invalid_field"),
        ({"stream": "delta", "response": "x", "offset": 3}, "stream_out_of_order"),
        ({"stream": "end"}, "missing_fields"),
        ({"stream": "end", "response": " "}, "missing_fields"),
        ({"stream": "start", "session_id": "session_nobody"}, "invalid_session"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(
    send: Callable[..., Answer], body: dict[str, Any], code: str
) -> None:
    answer = send(**{"stage": body["stream"], **body})
    assert 400 <= answer.status < 500
    assert answer.json["error_code"] == code
    assert answer.error


def test_a_piece_after_the_end_is_a_409(send: Callable[..., Answer]) -> None:
    send("delta", response="Punched cards")
    send("end")
    answer = send("delta", response=", once more")
    assert (answer.status, answer.json["error_code"]) == (409, "stream_ended")
    assert answer.error == "The answer 'engine' is over: it is whole."


def test_the_visitor_stops_it(ada: Caller, session: str, send: Callable[..., Answer]) -> None:
    send("delta", response="Long ago")
    stopped = ada.post("stop", {"session_id": session, "response_id": "engine"}).data
    assert stopped["incomplete"] is True
    assert send("delta", response=", in").json["error_code"] == "stream_ended"
    (response,) = ada.get("responses", session_id=session).data["responses"]
    assert (response["response"], response["incomplete"]) == ("Long ago", True)
    nothing = ada.post("stop", {"session_id": session, "response_id": "another"})
    assert (nothing.status, nothing.json["error_code"]) == (409, "stream_ended")


def test_a_stranger_stops_nothing(bridge: RunningBridge, ada: Caller, charles: Caller) -> None:
    opened = ada.call("POST", "/api/v1/sessions").data
    body = {"session_id": opened["session_id"], "response_id": "engine"}
    charles.post("outbox", {**body, "stream": "delta", "response": "Long ago"})
    assert ada.post("stop", body).status == 401
    grace = Caller(bridge.port, {"X-Session-Token": "g" * 40})
    assert grace.post("stop", body).status == 404


def test_typing_reaches_whoever_watches(
    bridge: RunningBridge, ada: Caller, charles: Caller, session: str
) -> None:
    watching = Stream(bridge.port, session, cursor="")
    charles.reply(session, "A moment, please.")
    assert len(watching.take(1)) == 1
    told = charles.post("typing", {"session_id": session, "seconds": 3}).data
    assert told == {"session_id": session, "seconds": 3.0, "agent": "default"}
    for line in iter(watching.answer.readline, b""):
        if line.startswith(b"event: typing"):
            break
    assert b'"seconds":3.0' in watching.answer.readline()
    watching.close()
