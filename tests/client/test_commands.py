"""`chat-bridge send` and `chat-bridge tail` against the running product."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chat_bridge.cli.send import send
from chat_bridge.cli.tail import line, tail
from chat_bridge.client import Agent, Client, Event, InboxMessage
from tests.client.test_agent import running
from tests.servers import RunningBridge


def run(bridge: RunningBridge, *arguments: str) -> Result:
    return CliRunner().invoke(send, [*arguments, "--url", bridge.url])


def visitor_of(result: Result) -> tuple[str, str]:
    """The session and the token that `send` tells to go on with."""
    found = re.search(r"--session (\S+) --token (\S+)", result.stderr)
    assert found, result.output
    return found[1], found[2]


def test_send_opens_a_session_and_goes_on_with_it(bridge: RunningBridge) -> None:
    first = run(bridge, "Hello?", "--agent", "default")
    session, token = visitor_of(first)
    second = run(bridge, "Anybody?", "--session", session, "--token", token)
    assert (first.exit_code, second.exit_code) == (0, 0)
    with Client(bridge.url, bridge.agent_key) as agent:
        held = agent.inbox(wait=5)
        agent.ack(*held)  # or its lease ends in the middle of another test
    assert [message.text for message in held] == ["Hello?", "Anybody?"]


def test_send_waits_for_the_answer(bridge: RunningBridge) -> None:
    agent = Agent(bridge.url, bridge.agent_key)

    @agent.on_message
    def answer(message: InboxMessage) -> str:
        return message.text.upper()

    with running(agent):
        result = run(bridge, "hello", "--agent", "default", "--wait")
    assert result.stdout == "HELLO\n"


def test_send_carries_out_a_command_on_a_file(bridge: RunningBridge, tmp_path: Path) -> None:
    table = tmp_path / "customers.csv"
    table.write_text("name,city\nAda,London\nBob,Berlin\n")
    result = run(bridge, "/search city=Berlin", "--agent", "sheets", "--file", str(table), "--wait")
    assert result.exit_code == 0, result.output
    assert "/files/" in result.stdout


def test_send_says_in_a_sentence_why_it_cannot(bridge: RunningBridge) -> None:
    result = run(bridge, "Hello?", "--agent", "nobody")
    assert result.exit_code == 1
    assert result.stderr == "Error: There is no agent 'nobody'.\n"


def test_tail_prints_what_happens_as_it_happens(bridge: RunningBridge) -> None:
    command = [sys.executable, "-m", "chat_bridge", "tail", "--json", "--url", bridge.url]
    process = subprocess.Popen(
        [*command, "--key", bridge.agent_key], stdout=subprocess.PIPE, text=True
    )
    try:
        with Client(bridge.url) as alice:
            session = alice.open_session(agent="default").session_id
            event = next_event(process, alice, session)
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert (event["kind"], event["session_id"]) == ("message.created", session)


def next_event(process: subprocess.Popen[str], alice: Client, session: str) -> dict[str, object]:
    """It hears what comes after its start, which nobody is told: so she writes until it tells."""
    assert process.stdout is not None
    with ThreadPoolExecutor(1) as pool:
        line = pool.submit(process.stdout.readline)
        while not line.done():
            alice.send(session, "Hello?")
            wait([line], timeout=0.5)
    found: dict[str, object] = json.loads(line.result())
    return found


def test_tail_needs_a_key(bridge: RunningBridge) -> None:
    result = CliRunner().invoke(tail, ["--url", bridge.url])
    assert result.exit_code == 1
    assert "Error:" in result.stderr


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        (
            "message.created",
            {"message": {"message": "Hello\n there", "state": "sent"}},
            "Hello there",
        ),
        ("response.created", {"response": {"response": "x" * 200}}, "x" * 119 + "…"),
        ("message.acked", {"message_id": 7}, "7"),
        ("typing", {"seconds": 3, "agent": "default"}, "seconds=3 agent=default"),
        ("job.failed", {"job": {"job_id": "j1", "error": "No."}}, "job_id=j1 error=No."),
    ],
)
def test_a_line_says_the_fact_that_matters(kind: str, data: dict[str, object], said: str) -> None:
    event = Event(4, "session_bob", kind, data, "2026-11-21T09:30:00.000Z")
    assert line(event) == f"09:30:00  session_bob  {kind:<17} {said}"


def test_tail_says_which_piece_of_which_answer() -> None:
    data = {"stream": "delta", "response_id": "r1", "sequence": 2, "offset": 8, "delta": "cards."}
    event = Event(7, "session_a", "response.delta", data, "2026-11-21T09:30:00.000Z")
    assert line(event) == "09:30:00  session_a  response.delta    delta r1 cards."
