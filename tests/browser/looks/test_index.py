"""What `make pictures` has left in docs/screenshots is complete, small, and listed for readers."""

import re
from pathlib import Path

import pytest

from tests.browser.looks.places import CONSOLE, UNPICTURED

FOLDER = Path(__file__).parents[3] / "docs" / "screenshots"
ALL = 2_000_000
BOTH = ("chat", "chat-empty", "widget", "widget-closed", "sign-in", "set-up", "new-password",
        "account", *(name for name in CONSOLE if name not in UNPICTURED))  # fmt: skip
PICTURES = [f"{name}-{look}.png" for name in BOTH for look in ("light", "dark", "phone")]


@pytest.mark.parametrize("name", PICTURES)
def test_each_page_has_its_three_pictures(name: str) -> None:
    assert (FOLDER / name).is_file()


def test_the_index_lists_what_is_there_and_nothing_else() -> None:
    listed = set(re.findall(r"[\w-]+\.png", (FOLDER / "README.md").read_text()))
    assert listed == {path.name for path in FOLDER.glob("*.png")}


def test_all_of_them_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < ALL
