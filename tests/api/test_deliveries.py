"""ack, nack, extend, redrive and typing over the wire."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers import RunningBridge, serving
from tests.wire import caller
from tests.wire.caller import Caller


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    with serving(tmp_path_factory.mktemp("deliveries"), CHAT_BRIDGE_MAX_ATTEMPTS="1") as running:
        yield running


@pytest.fixture
def agent(own: RunningBridge) -> Caller:
    return caller.agent(own)


@pytest.fixture
def item(own: RunningBridge, agent: Caller, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The one message that waits, leased to the agent."""
    session = f"session_{abs(hash(request.node.name))}"
    said = caller.visitor(own).say(session, "hi").data["message_id"]
    items = agent.get("inbox", lease=60, limit=100).data["messages"]
    return next(item for item in items if item["id"] == said)


def test_an_item_carries_its_lease(item: dict[str, Any]) -> None:
    assert item["receipt"].startswith(f"r{item['id']}_")
    assert (item["attempt"], item["agent"], item["attachments"]) == (1, "default", [])
    assert item["lease_expires_at"] > item["timestamp"]


@pytest.mark.parametrize("form", ["receipt", "receipts", "ids", "texts"])
def test_ack_takes_every_form_and_may_be_repeated(
    agent: Caller, item: dict[str, Any], form: str
) -> None:
    body = {
        "receipt": {"receipt": item["receipt"]},
        "receipts": {"receipts": [item["receipt"]], "reply": "none"},
        "ids": {"ids": [item["id"]]},
        "texts": {"ids": [str(item["id"])]},
    }[form]
    for _ in range(2):
        assert agent.post("ack", body).data["acknowledged"] == [item["id"]]
    late = agent.post("nack", {"receipt": item["receipt"]})
    assert (late.status, late.json["error_code"]) == (409, "lease_lost")


def test_a_stale_receipt_in_a_batch_is_named_and_changes_nothing(
    agent: Caller, item: dict[str, Any]
) -> None:
    answer = agent.post("ack", {"receipts": [item["receipt"], "r1_stale"]})
    assert answer.status == 409
    assert answer.json["details"]["receipt"] == "r1_stale"
    assert agent.post("ack", {"receipts": [item["receipt"]]}).status == 200


def test_extend_says_until_when(agent: Caller, item: dict[str, Any]) -> None:
    answer = agent.post("extend", {"receipt": item["receipt"], "lease": 600})
    assert answer.data["lease_expires_at"] > item["lease_expires_at"]


def test_given_back_too_often_it_is_dead_until_it_is_redriven(
    own: RunningBridge, agent: Caller, item: dict[str, Any]
) -> None:
    released = agent.post("nack", {"receipt": item["receipt"], "reason": "cannot"})
    assert released.data["released"] == [item["id"]]
    events = caller.visitor(own).get("events", session_id=item["session_id"], cursor=0)
    dead = events.data["events"][-1]
    assert (dead["kind"], dead["data"]["reason"]) == ("message.dead", "cannot")
    missing = agent.post("redrive", {"ids": [999_999]})
    assert (missing.status, missing.json["error_code"]) == (404, "message_not_found")
    assert agent.post("redrive", {"ids": [item["id"]]}).data["redriven"] == [item["id"]]
    assert agent.post("redrive", b"").data["redriven"] == []


@pytest.mark.parametrize("action", ["ack", "nack", "extend"])
def test_nothing_named_is_a_missing_field(agent: Caller, action: str) -> None:
    answer = agent.post(action, {})
    assert (answer.status, answer.error) == (400, "Missing required fields")


@pytest.mark.parametrize("action", ["ack", "nack", "extend", "redrive", "outbox", "typing"])
def test_a_key_is_needed(own: RunningBridge, action: str) -> None:
    answer = caller.visitor(own).post(action, {"ids": [1]})
    assert (answer.status, answer.error) == (401, "Authentication required")


def test_typing_is_told_and_not_stored(own: RunningBridge, agent: Caller, item: Any) -> None:
    session = item["session_id"]
    data = agent.post("typing", {"session_id": session, "seconds": 99}).data
    assert (data["session_id"], data["seconds"]) == (session, 10.0)
    events = caller.visitor(own).get("events", session_id=session, cursor=0).data["events"]
    assert "typing" not in [event["kind"] for event in events]


def test_typing_for_nobody_is_404(agent: Caller) -> None:
    assert agent.post("typing", {"session_id": "session_nobody"}).status == 404


def test_an_unknown_kind_of_answer_is_named(agent: Caller, item: dict[str, Any]) -> None:
    answer = agent.reply(item["session_id"], "hi", kind="song")
    assert (answer.status, answer.json["details"]["field"]) == (400, "kind")


def test_a_key_reads_the_events_of_all_sessions(agent: Caller, item: dict[str, Any]) -> None:
    events = agent.get("events", cursor=0, limit=500).data["events"]
    assert item["session_id"] in {event["session_id"] for event in events}
