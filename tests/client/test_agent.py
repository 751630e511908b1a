"""The loop an agent's author leaves everything to, against the running product."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chat_bridge.client import Agent, Client, InboxMessage, Reply, Unauthenticated
from tests.client.scripted import Act, data, lost_answer, refusal, serving
from tests.patience import LONG
from tests.servers import RunningBridge

Wait = Callable[[], bool]


@pytest.fixture
def bob(bridge: RunningBridge) -> Iterator[Client]:
    with Client(bridge.url) as client:
        yield client


@contextmanager
def running(agent: Agent) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=agent.run)
    thread.start()
    try:
        yield thread
    finally:
        agent.stop()
        thread.join(LONG)
        assert not thread.is_alive()


def answers(bob: Client, session: str, count: int, seconds: float = LONG) -> list[str]:
    """The texts of the first `count` answers, however they arrive."""
    texts: list[str] = []
    cursor = None
    end = time.monotonic() + seconds
    while len(texts) < count and time.monotonic() < end:
        page = bob.responses(session, cursor, wait=1)
        texts += [answer.text for answer in page.responses]
        cursor = page.cursor
    return texts


def opened(bob: Client, *texts: str) -> str:
    session = bob.open_session(agent="default").session_id
    for text in texts:
        bob.send(session, text)
    return session


def test_messages_of_a_session_are_answered_in_order(bridge: RunningBridge, bob: Client) -> None:
    session = opened(bob, "one", "two", "three")
    agent = Agent(bridge.url, bridge.agent_key)

    @agent.on_message
    def answer(message: InboxMessage) -> str:
        time.sleep(0.1 if message.text == "one" else 0)
        return message.text.upper()

    with running(agent):
        assert answers(bob, session, 3) == ["ONE", "TWO", "THREE"]


def test_sessions_are_answered_side_by_side(bridge: RunningBridge, bob: Client) -> None:
    together = threading.Barrier(3)
    sessions = [opened(bob, name) for name in ("ada", "bob", "cyd")]
    agent = Agent(bridge.url, bridge.agent_key, threads=3)

    @agent.on_message
    def answer(message: InboxMessage) -> str:
        together.wait(LONG)
        return message.text

    with running(agent):
        found = [answers(bob, session, 1) for session in sessions]
    assert found == [["ada"], ["bob"], ["cyd"]]


def test_a_handler_that_raises_gets_the_message_again(bridge: RunningBridge, bob: Client) -> None:
    session = opened(bob, "Hello?")
    attempts: list[int] = []
    agent = Agent(bridge.url, bridge.agent_key, retry_delay=0.1)

    @agent.on_message
    def answer(message: InboxMessage) -> str:
        attempts.append(message.attempt)
        if message.attempt < 3:
            raise RuntimeError("the model is loading")
        return "Hello!"

    with running(agent):
        assert answers(bob, session, 1) == ["Hello!"]
    assert attempts == [1, 2, 3]


def test_a_lease_is_renewed_while_the_handler_thinks(bridge: RunningBridge, bob: Client) -> None:
    session = opened(bob, "Think hard")
    handled: list[int] = []
    agent = Agent(bridge.url, bridge.agent_key, lease=5)

    @agent.on_message
    def answer(message: InboxMessage) -> str:
        handled.append(message.attempt)
        time.sleep(7)
        return "42"

    with running(agent):
        assert answers(bob, session, 1) == ["42"]
    assert handled == [1]


def test_nothing_to_say_is_done_too(bridge: RunningBridge, bob: Client) -> None:
    session = opened(bob, "Thanks!", "What time is it?")
    agent = Agent(bridge.url, bridge.agent_key)

    @agent.on_message
    def answer(message: InboxMessage) -> str | None:
        return "Noon." if "time" in message.text else None

    with running(agent):
        assert answers(bob, session, 1) == ["Noon."]


def test_an_answer_may_bring_files(bridge: RunningBridge, bob: Client, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    report.write_text("city,customers\nLondon,1\n")
    session = opened(bob, "The report, please")
    agent = Agent(bridge.url, bridge.agent_key)

    @agent.on_message
    def answer(message: InboxMessage) -> Reply:
        return Reply("Here it is.", files=[report])

    with running(agent):
        assert answers(bob, session, 1) == ["Here it is."]
    assert bob.read_file(session, "report.csv") == report.read_bytes()


def test_stop_finishes_what_is_in_hand(bridge: RunningBridge, bob: Client) -> None:
    session = opened(bob, "slow one", "next one")
    started = threading.Event()
    agent = Agent(bridge.url, bridge.agent_key)

    @agent.on_message
    def answer(message: InboxMessage) -> str:
        started.set()
        time.sleep(1)
        return f"done: {message.text}"

    with running(agent):
        assert started.wait(LONG)
    assert [told.text for told in bob.responses(session).responses] == ["done: slow one"]
    with Client(bridge.url, bridge.agent_key) as other:
        (left,) = other.inbox(wait=20)
        assert left.text == "next one"
        other.ack(left)


def test_a_refused_key_ends_the_agent(bridge: RunningBridge) -> None:
    agent = Agent(bridge.url, "not-the-key")
    agent.on_message(lambda message: None)
    with pytest.raises(Unauthenticated):
        agent.run()


@pytest.mark.parametrize(
    "trouble", [refusal(500, "internal_error"), refusal(503, "unavailable"), lost_answer]
)
def test_a_bridge_in_trouble_is_asked_again(trouble: Act) -> None:
    item = {
        "id": 7, "session_id": "session_bob", "message": "Hello?", "receipt": "r7",
        "timestamp": "2026-11-21T09:30:00.000Z",
    }  # fmt: skip
    posted = data(response_id=1, session_id="session_bob", timestamp="2026-11-21T09:30:01.000Z")
    refused = refusal(401, "invalid_key")
    with serving(trouble, data(messages=[item])) as server:
        agent = Agent(server.url, "key", threads=1)

        @agent.on_message
        def answer(message: InboxMessage) -> str:
            server.acts[:] = [posted, refused]
            return "Hello!"

        with pytest.raises(Unauthenticated):
            agent.run()
        assert server.seen[2].json["response"] == "Hello!"


def test_a_bug_in_the_polling_is_not_slept_through() -> None:
    with serving(data(messages=[{"id": 7}])) as server:
        agent = Agent(server.url, "key")
        agent.on_message(lambda message: None)
        with pytest.raises(KeyError):
            agent.run()


def test_without_a_handler_there_is_nothing_to_run() -> None:
    with pytest.raises(RuntimeError, match="on_message"):
        Agent("http://127.0.0.1:8001", "key").run()


def test_sigterm_ends_a_waiting_agent_cleanly(
    bridge: RunningBridge, bob: Client, tmp_path: Path
) -> None:
    program = tmp_path / "echo.py"
    program.write_text(
        "from chat_bridge.client import Agent\n"
        "agent = Agent()\n"
        "@agent.on_message\n"
        "def answer(message):\n"
        "    return message.text\n"
        "agent.run()\n"
        "print('finished', flush=True)\n"
    )
    environment = os.environ | {
        "CHAT_BRIDGE_URL": bridge.url,
        "CHAT_BRIDGE_AGENT_KEY": bridge.agent_key,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    process = subprocess.Popen(
        [sys.executable, program], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert answers(bob, opened(bob, "Anybody there?"), 1) == ["Anybody there?"]
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=LONG)
    assert (out, process.returncode) == ("finished\n", 0)
