from collections.abc import Iterator
from itertools import count

import pytest

from tests.servers import RunningBridge, serving
from tests.wire import caller
from tests.wire.caller import Caller

NUMBERS = count(1)


@pytest.fixture(scope="session")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    """A server whose inbox nobody else empties or minds."""
    with serving(tmp_path_factory.mktemp("wire")) as running:
        yield running


@pytest.fixture
def ada(bridge: RunningBridge) -> Caller:
    """A visitor without a secret."""
    return caller.visitor(bridge)


@pytest.fixture
def charles(bridge: RunningBridge) -> Caller:
    """An agent for everybody."""
    return caller.agent(bridge)


@pytest.fixture
def admin(bridge: RunningBridge) -> Caller:
    return caller.admin(bridge)


@pytest.fixture
def session(ada: Caller) -> str:
    """A conversation that has begun."""
    name = f"session_test{next(NUMBERS)}"
    assert ada.say(name, "Good morning").status == 200
    return name
