"""`chat-bridge serve --only bridge` and `--only control`: two halves on one database."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.cli.programs import run
from tests.patience import await_true
from tests.servers import WithoutWorkers
from tests.wire import caller
from tests.wire.caller import Caller

ONE = {"CHAT_BRIDGE_RATE_LIMITS": "off", "CHAT_BRIDGE_WEB_WORKERS": "1"}


@dataclass
class Halves:
    bridge: WithoutWorkers
    control: WithoutWorkers

    @property
    def visitor(self) -> Caller:
        """Somebody in front of a page of control."""
        return caller.visitor(self.control)

    @property
    def agent(self) -> Caller:
        return caller.agent(self.bridge)


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Halves]:
    folder = tmp_path_factory.mktemp("halves")
    running = Halves(WithoutWorkers(folder, ONE), WithoutWorkers(folder, ONE))
    try:
        running.bridge.start("serve", "--only", "bridge")
        running.control.start("serve", "--only", "control")
        yield running
    finally:
        running.control.stop()
        running.bridge.stop()


def processes(half: WithoutWorkers) -> dict[str, int]:
    answer = caller.visitor(half).call("GET", "/api/v1/health/ready").json
    found: dict[str, int] = answer["details"]["processes"]
    return found


def test_what_is_said_to_one_reaches_the_other(halves: Halves) -> None:
    assert halves.visitor.say("session_split", "Hello from the page").status == 200
    (message,) = halves.agent.get("inbox", limit=50).data["messages"]
    assert message["message"] == "Hello from the page"
    assert halves.agent.reply("session_split", "Hello from the bridge").status == 200
    (answer,) = halves.visitor.get("responses", session_id="session_split").data["responses"]
    assert answer["response"] == "Hello from the bridge"


def test_pages_are_at_control_and_keys_at_the_bridge(halves: Halves) -> None:
    page = halves.visitor.call("GET", "/")
    assert (page.status, page.headers.get_content_type()) == (200, "text/html")
    for half, method, path in (
        (halves.bridge, "GET", "/"),
        (halves.bridge, "GET", "/chat/"),
        (halves.bridge, "GET", "/privacy"),
        (halves.control, "GET", "/api/v1/?action=inbox"),
        (halves.control, "POST", "/api/v1/outbox"),
        (halves.control, "GET", "/admin/api/config"),
    ):
        answer = caller.agent(half).call(method, path)
        assert (answer.status, answer.json["error_code"]) == (404, "served_elsewhere"), path


def test_each_tells_who_else_lives(halves: Halves) -> None:
    everybody = {"bridge": 1, "control": 1, "worker": 0}
    await_true(lambda: processes(halves.bridge) == processes(halves.control) == everybody)
    halves.control.stop()
    try:
        assert processes(halves.bridge) == {"bridge": 1, "control": 0, "worker": 0}
    finally:
        halves.control.start("serve", "--only", "control")
    await_true(lambda: processes(halves.bridge) == everybody)


def test_there_are_two_halves(halves: Halves) -> None:
    told = run("serve", "--only", "pages", env=halves.bridge.environment)
    assert (told.returncode, "'bridge', 'control'" in told.stderr) == (2, True)
