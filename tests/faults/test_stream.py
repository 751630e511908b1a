"""A web process is killed while an answer is written piece by piece: nothing of it is lost or
there twice, whoever goes on writing ends it, and nobody's silence leaves it open."""

import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.faults.served import web_processes
from tests.faults.test_kill import kill
from tests.patience import await_true
from tests.servers import WithoutWorkers
from tests.wire import caller
from tests.wire.caller import Caller

SESSION = "session_stream"
PIECES = [f"piece {number}, " for number in range(20)]
WHOLE = "".join(PIECES)


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[WithoutWorkers]:
    """No worker runs: the web processes alone look after it. The parameter is their patience with
    a silent writer, which has to outlast a restart where the writer goes on."""
    patience = {"CHAT_BRIDGE_STREAM_TIMEOUT": request.param, "CHAT_BRIDGE_RATE_LIMITS": "off"}
    bridge = WithoutWorkers(tmp_path / "data", patience)
    try:
        yield bridge.start("serve")
    finally:
        bridge.stop()


def kill_web(place: WithoutWorkers) -> None:
    """Whichever held the writer's connection or the reader's."""
    found = web_processes(place)
    assert found
    kill(*found)


def insisting(post: Callable[[], caller.Answer]) -> caller.Answer:
    """As a client does that hears nothing, or hears that the server is away."""
    end = time.monotonic() + 20
    while True:
        try:
            answer = post()
            if answer.status != 503:
                return answer
        except (OSError, HTTPException):
            assert time.monotonic() < end
        time.sleep(0.05)


def send(charles: Caller, stage: str, **body: Any) -> caller.Answer:
    named = {"session_id": SESSION, "stream": stage, "response_id": "engine"}
    return insisting(lambda: charles.post("outbox", {**named, **body}))


def shown(ada: Caller) -> list[tuple[str, bool]]:
    found = insisting(lambda: ada.get("responses", session_id=SESSION)).data["responses"]
    return [(one["response"], one["incomplete"]) for one in found]


def pieces(ada: Caller) -> list[dict[str, Any]]:
    answer = insisting(lambda: ada.get("events", session_id=SESSION, cursor=0, limit=500))
    told = [event["data"] for event in answer.data["events"]]
    return [data for data in told if data.get("stream") == "delta"]


@pytest.mark.parametrize("place", ["60"], indirect=True)
def test_the_writer_goes_on_after_the_death(place: WithoutWorkers) -> None:
    ada, charles = caller.visitor(place), caller.agent(place)
    assert ada.say(SESSION, "How does the engine work?").status == 200
    for number, text in enumerate(PIECES, 1):
        if number % 10 == 5:
            kill_web(place)
        assert send(charles, "delta", response=text, sequence=number).status == 200
    found = pieces(ada)
    assert "".join(piece["delta"] for piece in found) == WHOLE
    assert [piece["sequence"] for piece in found] == list(range(1, len(PIECES) + 1))
    kill_web(place)
    assert send(charles, "end").status == 200
    assert send(charles, "end").status == 200
    assert shown(ada) == [(WHOLE, False)]


@pytest.mark.parametrize("place", ["2"], indirect=True)
def test_a_writer_that_died_too_leaves_an_answer_that_says_so(place: WithoutWorkers) -> None:
    ada, charles = caller.visitor(place), caller.agent(place)
    assert ada.say(SESSION, "How does the engine work?").status == 200
    assert send(charles, "delta", response="Punched ca", sequence=1).status == 200
    kill_web(place)
    await_true(lambda: shown(ada) == [("Punched ca", True)], 20)
    late = send(charles, "delta", response="rds", sequence=2)
    assert (late.status, late.json["error_code"]) == (409, "stream_ended")
    assert shown(ada) == [("Punched ca", True)]
