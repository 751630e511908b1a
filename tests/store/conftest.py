from pathlib import Path

import pytest

from chat_bridge.store import SqliteStore
from tests.builders import new_store
from tests.fakes import CommitCounter


@pytest.fixture
def commits() -> CommitCounter:
    return CommitCounter()


@pytest.fixture
def store(tmp_path: Path, commits: CommitCounter) -> SqliteStore:
    return new_store(tmp_path / "bridge.db", commits)
