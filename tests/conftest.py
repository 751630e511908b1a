from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import RunningBridge, serving


@pytest.fixture(scope="session")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    """One server for all tests that only add to it."""
    with serving(tmp_path_factory.mktemp("bridge")) as running:
        yield running


@pytest.fixture
def start_bridge(tmp_path: Path) -> Iterator[Callable[..., RunningBridge]]:
    """Starts a server of one's own: `start_bridge(CHAT_BRIDGE_LEGACY_LEASE="1")`."""
    started: list[RunningBridge] = []

    def start(**settings: str) -> RunningBridge:
        running = RunningBridge(tmp_path / f"bridge-{len(started)}", settings)
        started.append(running)
        return running.start()

    yield start
    for running in started:
        running.stop()
