"""The client against the running product: what the README promises to an agent's author."""

import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from chat_bridge.client import (
    Client,
    Conflict,
    InboxMessage,
    LeaseLost,
    NotFound,
    Refused,
    Retry,
    Unauthenticated,
)
from tests.servers import RunningBridge


@pytest.fixture
def agent(bridge: RunningBridge) -> Iterator[Client]:
    with Client(bridge.url, bridge.agent_key) as client:
        yield client


@pytest.fixture
def alice(bridge: RunningBridge) -> Iterator[Client]:
    with Client(bridge.url) as client:
        yield client


def asked(alice: Client, *texts: str) -> str:
    session = alice.open_session(agent="default").session_id
    for text in texts:
        alice.send(session, text)
    return session


def taken(agent: Client, session_id: str, lease: float = 30) -> list[InboxMessage]:
    found = agent.inbox(wait=20, lease=lease)
    assert {message.session_id for message in found} == {session_id}
    return found


def test_a_message_reaches_the_agent_and_its_answer_the_visitor(
    agent: Client, alice: Client
) -> None:
    session = asked(alice, "Where is my order?")
    (message,) = taken(agent, session)
    assert (message.text, message.attempt, message.agent) == ("Where is my order?", 1, "default")
    agent.reply(message, "On its way.")
    page = alice.responses(session, wait=5)
    assert [(answer.text, answer.message_id) for answer in page.responses] == [
        ("On its way.", message.id)
    ]
    assert alice.responses(session, page.cursor).responses == ()
    assert agent.inbox(wait=0) == []


def test_the_same_answer_is_stored_once_and_another_one_beside_it(
    agent: Client, alice: Client
) -> None:
    session = asked(alice, "Hello?")
    (message,) = taken(agent, session)
    first = agent.reply(message, "Good morning")
    assert agent.reply(message, "Good morning") == first
    agent.reply(message, "How can I help?")
    texts = [answer.text for answer in alice.responses(session).responses]
    assert texts == ["Good morning", "How can I help?"]


def test_one_key_for_two_answers_is_a_conflict(agent: Client, alice: Client) -> None:
    (message,) = taken(agent, asked(alice, "Hello?"))
    agent.reply(message, "Good morning", idempotency_key="morning")
    with pytest.raises(Conflict):
        agent.reply(message, "Good evening", idempotency_key="morning")


def test_a_message_sent_twice_under_one_id_is_one_message(agent: Client, alice: Client) -> None:
    session = asked(alice)
    first = alice.send(session, "Hello", client_msg_id="bob-1")
    assert alice.send(session, "Hello", client_msg_id="bob-1").message_id == first.message_id
    assert len(taken(agent, session)) == 1


def test_given_back_a_message_comes_again(agent: Client, alice: Client) -> None:
    session = asked(alice, "Hello?")
    (first,) = taken(agent, session)
    agent.nack(first, reason="the model is loading")
    (second,) = taken(agent, session)
    assert (second.id, second.timestamp) == (first.id, first.timestamp)
    assert second.attempt == 2
    assert second.receipt != first.receipt


def test_acknowledged_a_message_is_gone(agent: Client, alice: Client) -> None:
    session = asked(alice, "Thanks!", "Bye!")
    agent.ack(*taken(agent, session))
    assert agent.inbox(wait=0) == []
    assert alice.responses(session).responses == ()


def test_a_lease_that_ran_out_is_lost_and_an_extended_one_is_not(
    agent: Client, alice: Client
) -> None:
    (message,) = taken(agent, asked(alice, "Hello?"), lease=3)
    agent.extend(message, lease=60)
    time.sleep(3.5)
    agent.extend(message, lease=1)
    time.sleep(1.5)
    with pytest.raises(LeaseLost):
        agent.extend(message)


def test_files_go_both_ways(agent: Client, alice: Client, tmp_path: Path) -> None:
    session = asked(alice)
    table = tmp_path / "customers.csv"
    table.write_text("name,city\nAda,London\n")
    sent = alice.send_file(session, table)
    alice.send(session, "Please have a look", attachments=[sent.name])
    (message,) = taken(agent, session)
    assert message.attachments == ("customers.csv",)
    assert agent.read_file(session, message.attachments[0]) == table.read_bytes()

    report = tmp_path / "Report of März.csv"
    report.write_text("city,customers\nLondon,1\n")
    item = agent.send_file(session, report)
    agent.reply(message, "Here is the report.", attachments=[item.name])
    (answer,) = alice.responses(session).responses
    copy = alice.save_file(session, answer.attachments[0].name, tmp_path / "copy.csv")
    assert copy.read_text() == report.read_text()
    assert {file.name for file in alice.files(session)} == {"customers.csv", item.name}


def test_a_file_that_is_not_there_is_not_found(alice: Client) -> None:
    with pytest.raises(NotFound) as caught:
        alice.read_file(asked(alice), "nothing.csv")
    assert caught.value.error_code == "file_not_found"


def test_events_tell_the_story_and_can_be_resumed(agent: Client, alice: Client) -> None:
    session = asked(alice, "Hello?")
    (message,) = taken(agent, session)
    agent.reply(message, "Good morning")
    story = list(islice(alice.events(session, cursor="0"), 4))
    assert [event.kind for event in story] == [
        "message.created",
        "message.leased",
        "response.created",
        "message.acked",
    ]
    later = next(alice.events(session, cursor=str(story[1].seq)))
    assert later == story[2]
    assert later.data["response"]["response"] == "Good morning"


def test_a_wrong_key_is_told_at_once(bridge: RunningBridge) -> None:
    with Client(bridge.url, "not-the-key") as stranger, pytest.raises(Unauthenticated) as caught:
        stranger.inbox(wait=0)
    assert caught.value.status == 401


def test_another_visitor_cannot_read_along(bridge: RunningBridge, alice: Client) -> None:
    session = asked(alice)
    with Client(bridge.url, retry=Retry(attempts=1)) as mallory, pytest.raises(Refused):
        mallory.responses(session)


def test_typing_is_seen_by_the_visitor(agent: Client, alice: Client) -> None:
    session = asked(alice, "Hello?")
    (message,) = taken(agent, session)
    kinds: list[str] = []
    listener = threading.Thread(
        target=lambda: kinds.extend(e.kind for e in islice(alice.events(session), 1))
    )
    listener.start()
    while listener.is_alive():
        agent.typing(session, 3)
        listener.join(0.2)
    assert kinds == ["typing"]
    agent.ack(message)
