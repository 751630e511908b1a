from collections.abc import Iterator

import pytest

from tests.journeys.visitor import Desk, Visitor
from tests.servers import RunningBridge, serving


@pytest.fixture(scope="package")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    """A server of our own: agents of these tests take whatever waits."""
    with serving(tmp_path_factory.mktemp("journeys")) as running:
        yield running


@pytest.fixture
def ada(bridge: RunningBridge) -> Visitor:
    return Visitor(bridge.url)


@pytest.fixture(autouse=True)
def nothing_waits(bridge: RunningBridge) -> None:
    """No message of another test is in an agent's way."""
    desk = Desk(bridge.url, bridge.agent_key)
    while left := desk.inbox(wait=0, limit=100):
        desk.ack(*left)
