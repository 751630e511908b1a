import pytest

from tests.api.operations.caller import Clerk, clerk
from tests.servers import RunningBridge


@pytest.fixture
def ada(bridge: RunningBridge) -> Clerk:
    """On the machine itself, without a key."""
    return clerk(bridge)
