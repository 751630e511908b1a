"""An agent as somebody writes it after five minutes with the README."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chat_bridge.client import Client
from tests.journeys.visitor import Desk, Visitor
from tests.servers import RunningBridge

ROOT = Path(__file__).parents[2]


@contextmanager
def started(bridge: RunningBridge, *program: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**bridge.environment, "CHAT_BRIDGE_AGENT_KEY": bridge.agent_key}
    agent = subprocess.Popen(
        [sys.executable, *program], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        yield agent
    finally:
        agent.kill()
        agent.communicate()


def answered(visitor: Visitor, count: int = 1, seconds: float = 60) -> list[str]:
    visitor.await_event("response.created", seconds, nth=count)
    return [item["response"] for item in visitor.responses()]


def polled_for(bridge: RunningBridge) -> None:
    """Until somebody asks the inbox."""
    with Client(bridge.url) as client:
        visitor = client.open_session(agent="default")
        client.send(visitor.session_id, "Anybody there?")
        assert client.responses(visitor.session_id, wait=30).responses


def test_the_agent_of_the_readme_answers_within_a_second(bridge: RunningBridge) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    with started(bridge, "-c", code.replace("http://127.0.0.1:8001", bridge.url)) as agent:
        polled_for(bridge)
        assert any(seconds_to_answer(bridge) < 1 for _ in range(10)), "busy ten times over?"
        agent.send_signal(signal.SIGINT)
        assert agent.wait(60) == 0


def seconds_to_answer(bridge: RunningBridge) -> float:
    visitor = Visitor(bridge.url, agent="default")
    said = visitor.say("Where is my order?")
    began = time.monotonic()
    assert answered(visitor) == ["You said: Where is my order?"]
    seconds = time.monotonic() - began
    (item,) = visitor.responses()
    assert (str(item["message_id"]), item["kind"]) == (str(said["message_id"]), "text")
    return seconds


def test_what_a_killed_agent_held_is_delivered_once_more(bridge: RunningBridge) -> None:
    visitor = Visitor(bridge.url, agent="default")
    said = visitor.say("Is anybody there?")
    with started(bridge, "-m", "tests.journeys.echo_agent", bridge.url, "silent") as agent:
        assert agent.stdout is not None
        taken = agent.stdout.readline().split()
        agent.kill()
    desk = Desk(bridge.url, bridge.agent_key)
    assert taken == [str(said["message_id"]), said["timestamp"], "1"]
    assert desk.inbox(wait=0) == []
    (again,) = desk.inbox(wait=30)
    assert (again["id"], again["timestamp"], again["message"], again["attempt"]) == (
        said["message_id"], said["timestamp"], "Is anybody there?", 2,
    )  # fmt: skip
    assert desk.inbox(wait=0) == []
    assert desk.reply(again, "Yes.").status == 200
    assert desk.inbox(wait=1) == []
    assert [item["response"] for item in visitor.responses()] == ["Yes."]


def test_the_dead_agents_successor_answers(bridge: RunningBridge) -> None:
    visitor = Visitor(bridge.url, agent="default")
    with started(bridge, "-m", "tests.journeys.echo_agent", bridge.url, "silent") as agent:
        visitor.say("one")
        assert agent.stdout is not None
        agent.stdout.readline()
        agent.kill()
    visitor.say("two")
    with started(bridge, "-m", "tests.journeys.echo_agent", bridge.url, "polite"):
        assert answered(visitor, 2) == ["You said: one", "You said: two"]


def test_an_agent_goes_on_when_the_bridge_comes_back(tmp_path: Path) -> None:
    bridge = RunningBridge(tmp_path, {"CHAT_BRIDGE_RATE_LIMITS": "off"}).start()
    try:
        with started(bridge, "-m", "tests.journeys.echo_agent", bridge.url, "polite"):
            polled_for(bridge)
            bridge.kill()
            bridge.start()
            visitor = Visitor(bridge.url, agent="default")
            visitor.say("Still there?")
            assert answered(visitor) == ["You said: Still there?"]
    finally:
        bridge.stop()
