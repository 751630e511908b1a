"""The pictures of the README, taken from a conversation; `make pictures` keeps them in docs/."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.journeys.customers import text

pytestmark = pytest.mark.browser

LOOKS = {
    "chat-light": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "chat-dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "chat-phone": {"viewport": {"width": 390, "height": 780}, "color_scheme": "light"},
}
LARGEST = 200_000


@pytest.mark.parametrize("name", LOOKS)
def test_a_picture(name: str, visit: Callable[..., Visitor], tmp_path: Path) -> None:
    folder = Path(os.environ.get("PICTURES", tmp_path))
    visitor = visit(**LOOKS[name])
    plain = text().replace(" 🐢".encode(), b"")  # few machines have a font for it
    visitor.attach("customers.csv", plain).attached("customers.csv")
    command = "/extract columns=name,city,email,joined | normalize email=email | search city=Berlin"
    visitor.write(command).sees_state("answered")
    expect(visitor.answers.last.get_by_role("table")).to_be_visible()
    visitor.page.screenshot(path=folder / f"{name}.png", animations="disabled")
    assert 10_000 < (folder / f"{name}.png").stat().st_size < LARGEST
