from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker.workshop import Workshop, open_workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    with open_workshop(tmp_path / "data") as found:
        yield found
