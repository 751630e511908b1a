"""The agent's side of the founding contract, on a server whose inbox is the test's own."""

from collections.abc import Iterator

import pytest

from tests.servers import RunningBridge, serving
from tests.wire import caller
from tests.wire.caller import Caller
from tests.wire.waiting import answered_after, at_once

PLUGIN = {"User-Agent": "Broca2-WebChat-Plugin/1.0", "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    with serving(tmp_path_factory.mktemp("own")) as running:
        yield running


@pytest.fixture
def grace(own: RunningBridge) -> Caller:
    return caller.visitor(own)


@pytest.fixture
def agent(own: RunningBridge) -> Caller:
    """Starts with an empty inbox: what an earlier test left is taken and done with."""
    agent = caller.agent(own)
    for _ in range(20):
        found = agent.get("inbox", limit=100, lease=60).data["messages"]
        if not found:
            return agent
        agent.post("ack", {"receipts": [item["receipt"] for item in found]})
    return agent


def ids(answer: caller.Answer) -> list[int]:
    return [item["id"] for item in answer.data["messages"]]


def test_an_item_has_what_the_plugin_reads(grace: Caller, agent: Caller) -> None:
    said = grace.say("session_items", "<b>Hi</b> & so").data
    (item,) = agent.get("inbox").data["messages"]
    assert (item["id"], item["session_id"]) == (said["message_id"], "session_items")
    assert (item["message"], item["uid"]) == ("<b>Hi</b> & so", said["uid"])
    assert item["timestamp"] == said["timestamp"]
    reserved = {"tasks_user_id", "tasks_username", "tasks_display_name", "is_first_contact"}
    assert not reserved & item.keys()


def test_an_empty_page_has_its_shape(agent: Caller) -> None:
    data = agent.get("inbox", limit=50, offset=0).data
    assert data["messages"] == []
    assert data["pagination"] == {"total": 0, "limit": 50, "offset": 0, "has_more": False}


@pytest.mark.parametrize(
    ("limit", "taken"), [("abc", 50), ("", 50), ("0", 0), ("-1", 1), ("1e3", 50), ("9" * 5000, 50),
                         ("1000", 100), ("²", 50)]
)  # fmt: skip
def test_a_bad_limit_is_put_right(agent: Caller, limit: str, taken: int) -> None:
    answer = agent.get("inbox", limit=limit, offset="xyz")
    assert answer.data["pagination"]["limit"] == taken


def test_an_offset_skips_nothing(grace: Caller, agent: Caller) -> None:
    said = [grace.say(f"session_offset{n}", "hi").data["message_id"] for n in range(3)]
    assert ids(agent.get("inbox", offset=2, limit=2)) == said[:2]


def test_the_admin_key_works_on_inbox_and_outbox(own: RunningBridge, grace: Caller) -> None:
    grace.say("session_admin", "hi")
    admin = caller.admin(own)
    assert admin.get("inbox", peek=1).status == 200
    assert admin.reply("session_admin", "hello").status == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "bearer {key}", "Basic {key}", "{key}", "Token {key}"]
)
def test_another_scheme_is_no_key(own: RunningBridge, header: str) -> None:
    stranger = Caller(own.port, {"Authorization": header.format(key=own.agent_key)})
    assert stranger.get("inbox").error == "Authentication required"


@pytest.mark.parametrize("key", ["wrong", "x" * 8_000, "\xff\xfe", "a b"])
def test_a_wrong_key_is_said(own: RunningBridge, key: str) -> None:
    answer = Caller(own.port, {"Authorization": f"Bearer {key}"}).get("inbox")
    assert (answer.status, answer.error) == (401, "Invalid API key")


class TestThePlugin:
    @pytest.fixture
    def plugin(self, agent: Caller) -> Caller:
        return Caller(agent.port, {**agent.headers, **PLUGIN})

    def test_loses_nothing_by_its_probe(self, grace: Caller, plugin: Caller) -> None:
        said = grace.say("session_probe", "hi").data["message_id"]
        assert ids(plugin.get("inbox", limit=1, offset=0)) == []
        assert ids(plugin.get("inbox", limit=50, offset=0)) == [said]

    def test_gets_each_message_twice_and_no_more(self, grace: Caller, plugin: Caller) -> None:
        said = grace.say("session_twice", "hi").data["message_id"]
        polls = [ids(plugin.get("inbox", limit=50, offset=0)) for _ in range(3)]
        assert [said in poll for poll in polls] == [True, True, False]

    def test_answers_with_two_fields(self, grace: Caller, plugin: Caller) -> None:
        grace.say("session_answer", "hi")
        plugin.get("inbox", limit=50, offset=0)
        answer = plugin.reply("session_answer", "long " * 4_000)
        assert answer.json["message"] == "Response sent successfully"
        assert isinstance(answer.data["response_id"], int)
        assert ids(plugin.get("inbox", limit=50, offset=0)) == []


class TestOutbox:
    @pytest.mark.parametrize(
        ("body", "error"),
        [
            ({}, "Missing required fields"),
            ({"session_id": "session_box"}, "Missing required fields"),
            ({"response": "hi"}, "Missing required fields"),
            ({"session_id": "session_nobody", "response": "hi"}, "Invalid session"),
            ({"session_id": "x" * 500, "response": "hi"}, "Invalid session ID"),
        ],
    )
    def test_says_what_is_missing(self, agent: Caller, body: object, error: str) -> None:
        answer = agent.post("outbox", body)  # type: ignore[arg-type]  # any body of the table
        assert (answer.status, answer.error) == (400, error)

    @pytest.mark.parametrize("message_id", [999_999, "abc", "", None, "²", "9" * 40, 0, -1, True])
    def test_takes_any_message_id(self, grace: Caller, agent: Caller, message_id: object) -> None:
        grace.say("session_box", "hi")
        assert agent.reply("session_box", "hello", message_id=message_id).status == 200
        assert grace.get("responses", session_id="session_box").status == 200
        assert grace.get("events", session_id="session_box", cursor=0).status == 200


def test_old_style_since_hides_without_taking(grace: Caller, agent: Caller) -> None:
    said = grace.say("session_since", "hi").data["message_id"]
    for _ in range(2):
        assert ids(agent.get("inbox", since="2999-01-01")) == []
    assert ids(agent.get("inbox")) == [said]


def test_a_poll_may_wait(grace: Caller, agent: Caller) -> None:
    def once() -> float:
        took, answer = answered_after(
            lambda: agent.get("inbox", wait=30), lambda: grace.say("session_wait", "hi")
        )
        (item,) = answer.data["messages"]
        agent.post("ack", {"receipt": item["receipt"]})
        return took

    assert at_once(once)
