from collections.abc import Iterator

import pytest

from chat_bridge.client import Client
from tests.servers import RunningBridge, serving


@pytest.fixture(scope="package")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    """A server of our own: an agent takes whatever waits, so nobody else may write to it."""
    with serving(tmp_path_factory.mktemp("client")) as running:
        yield running


@pytest.fixture(autouse=True)
def empty_inbox(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing is left for the next test to stumble upon."""
    yield
    if "bridge" not in request.fixturenames:
        return
    running: RunningBridge = request.getfixturevalue("bridge")
    with Client(running.url, running.agent_key) as client:
        while left := client.inbox(wait=0, limit=100):
            client.ack(*left)
