"""A key bound to an agent: its own messages, and the sessions its agent took part in."""

import subprocess
import sys

import pytest

from tests.servers import RunningBridge
from tests.wire.caller import Caller


@pytest.fixture(scope="module")
def bound(bridge: RunningBridge) -> Caller:
    """Charles again, for the default agent only."""
    command = [sys.executable, "-m", "chat_bridge", "key", "new", "charles", "--agent", "default"]
    made = subprocess.run(
        command, env=bridge.environment, capture_output=True, text=True, check=True
    )
    return Caller(bridge.port, {"Authorization": f"Bearer {made.stdout.strip()}"})


def test_an_answer_is_taken_although_the_visitor_has_turned_to_another_agent(
    ada: Caller, bound: Caller
) -> None:
    asked = ada.say("session_turned", "Where is my order?").data["message_id"]
    ada.say("session_turned", "/help", agent_id="sheets")
    answer = bound.reply("session_turned", "On its way", message_id=asked)
    assert answer.status == 200, answer.body
    assert ada.call("GET", "/api/v1/sessions/session_turned").data["agent"]["slug"] == "sheets"


def test_a_session_its_agent_had_no_part_in_does_not_exist(ada: Caller, bound: Caller) -> None:
    ada.say("session_sheets", "/help", agent_id="sheets")
    assert bound.reply("session_sheets", "Hello").json["error_code"] == "invalid_session"
    assert bound.call("GET", "/api/v1/sessions/session_sheets/files").status == 404


def test_an_inbox_item_names_the_conversation(ada: Caller, bound: Caller) -> None:
    said = ada.say("session_named", "Hi").data
    items = bound.get("inbox", peek=1, limit=100).data["messages"]
    (item,) = [item for item in items if item["id"] == said["message_id"]]
    assert item["chat_id"] == said["chat_id"]
