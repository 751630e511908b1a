"""Answers written piece by piece, against the running product."""

from collections.abc import Iterator

import pytest

from chat_bridge.client import Agent, Client, InboxMessage
from tests.client.test_client import asked
from tests.servers import RunningBridge


@pytest.fixture
def agent(bridge: RunningBridge) -> Iterator[Client]:
    with Client(bridge.url, bridge.agent_key) as client:
        yield client


@pytest.fixture
def alice(bridge: RunningBridge) -> Iterator[Client]:
    with Client(bridge.url) as client:
        yield client


def test_an_answer_is_written_and_acknowledged(agent: Client, alice: Client) -> None:
    session = asked(alice, "How does the engine work?")
    (message,) = agent.inbox(wait=0)
    with agent.stream(message) as answer:
        for word in ("Punched ", "cards ", "turn ", "it."):
            answer.write(word)
    assert answer.posted is not None
    (response,) = alice.responses(session).responses
    assert (response.id, response.text) == (answer.posted.response_id, "Punched cards turn it.")
    assert response.message_id == message.id
    assert agent.inbox(wait=0) == []


def test_an_exception_ends_it_as_incomplete(agent: Client, alice: Client) -> None:
    session = asked(alice, "How does the engine work?")
    (message,) = agent.inbox(wait=0)

    def fail() -> None:
        with agent.stream(message) as answer:
            answer.write("Punched ca")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    (response,) = alice.responses(session).responses
    assert response.metadata["incomplete"] is True
    agent.nack(message)
    (again,) = agent.inbox(wait=0)
    assert again.id == message.id
    agent.ack(again)


def test_a_visitor_who_stops_it_is_listened_to(
    agent: Client, alice: Client, bridge: RunningBridge
) -> None:
    session = asked(alice, "Tell me everything")
    (message,) = agent.inbox(wait=0)
    with agent.stream(message) as answer:
        answer.write("Long ago")
        alice.stop(session, answer.response_id)
        answer.write(", in a land")
        answer.flush()
        assert answer.stopped
    (response,) = alice.responses(session).responses
    assert response.text == "Long ago"
    assert agent.inbox(wait=0) == []


def test_an_answer_without_a_word_is_none(agent: Client, alice: Client) -> None:
    session = asked(alice, "Anything?")
    (message,) = agent.inbox(wait=0)
    with agent.stream(message):
        pass
    assert alice.responses(session).responses == ()
    assert agent.inbox(wait=0) == []


def test_a_handler_that_yields_streams(bridge: RunningBridge, alice: Client) -> None:
    agent = Agent(bridge.url, bridge.agent_key)
    session = asked(alice, "Count")

    @agent.on_message
    def count(message: InboxMessage) -> Iterator[str]:
        for number in range(3):
            yield f"{number} "
        agent.stop()

    agent.run()
    (response,) = alice.responses(session).responses
    assert response.text == "0 1 2 "
