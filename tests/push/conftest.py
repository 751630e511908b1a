from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import OPENED, Open, Site, start


@pytest.fixture(scope="session")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    opened: list[Site] = []

    def open_one(folder: Path | None = None, per_address: int = 1000, workers: int = 1) -> Site:
        opened.append(start(folder or tmp_path_factory.mktemp("site"), per_address, workers))
        return opened[-1]

    yield open_one
    for site in opened:
        site.stop()


@pytest.fixture(scope="session")
def site(open_site: Open) -> Site:
    return open_site()


@pytest.fixture
def woken(open_site: Open, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site that hears of what happens by being woken, or else only when a test has given up."""
    monkeypatch.setenv("LOOKS_EVERY", "60")
    return open_site()


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    yield
    for close in OPENED:
        close()
    OPENED.clear()
