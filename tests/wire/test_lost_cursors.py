"""A cursor nobody can go on from, on each kind of connection: said at once, with where to go."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import websocket

from tests.servers import RunningBridge
from tests.wire.caller import Caller

SECONDS = 12.0
AHEAD = "987654321"


@contextmanager
def socket(bridge: RunningBridge, name: str, cursor: str) -> Iterator[websocket.WebSocket]:
    address = f"ws://127.0.0.1:{bridge.port}/ws?session_id={name}&cursor={cursor}"
    opened = websocket.create_connection(address, timeout=SECONDS, origin=bridge.url)
    try:
        yield opened
    finally:
        opened.shutdown()


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_of_a_database_that_was_restored(ada: Caller, accept: str) -> None:
    ada.say("session_restored", "Good morning")
    path = f"/api/v1/?action=events&session_id=session_restored&cursor={AHEAD}"
    answer = ada.call("GET", path, headers={"Accept": accept})
    assert (answer.status, answer.json["error_code"]) == (410, "cursor_expired")
    assert answer.json["details"]["snapshot"].endswith("/sessions/session_restored/messages")
    assert "{" not in answer.error


def test_of_a_socket(bridge: RunningBridge, ada: Caller) -> None:
    """Without a word a client would come back with the same cursor for ever."""
    ada.say("session_restored_too", "Good morning")
    with socket(bridge, "session_restored_too", AHEAD) as peer:
        said = json.loads(peer.recv())
        assert (said["type"], said["error_code"], said["status_code"]) == (
            "error", "cursor_expired", 410,
        )  # fmt: skip
        assert said["details"]["snapshot"].endswith("/sessions/session_restored_too/messages")
        code, frame = peer.recv_data()
        assert (code, int.from_bytes(frame[:2])) == (websocket.ABNF.OPCODE_CLOSE, 1008)


def test_that_is_no_number(bridge: RunningBridge, ada: Caller) -> None:
    ada.say("session_no_number", "Good morning")
    with socket(bridge, "session_no_number", "yesterday") as peer:
        assert json.loads(peer.recv())["error_code"] == "invalid_field"
        again = {"type": "subscribe", "session_id": "session_no_number", "cursor": "0"}
        peer.send(json.dumps(again))
        assert json.loads(peer.recv())["type"] == "ready"
