"""The pictures of the README, taken from a conversation; `make pictures` keeps them in docs/."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.operator import Operator
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


CONSOLE = {
    "console-overview": ("/admin/", {"viewport": {"width": 1280, "height": 800}}),
    "console-inbox": ("", {"viewport": {"width": 1280, "height": 800}}),
    "console-inbox-dark": (
        "",
        {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    ),
    "console-inbox-phone": ("", {"viewport": {"width": 390, "height": 780}}),
}


@pytest.mark.parametrize("name", CONSOLE)
def test_a_picture_of_the_console(
    name: str, staff: Callable[..., Operator], visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    folder = Path(os.environ.get("PICTURES", tmp_path))
    path, browser = CONSOLE[name]
    for words in (
        "Can I get the invoice as CSV instead?",
        "Where is order 48-113? It said Monday.",
    ):
        asking = visit("/?agent=default")
        asking.write(words).sees_state("sent")
    ana = staff("ana", **browser).opens(asking.session_id)
    ana.says("Carrier lost the label, replacement leaves today.", note=True)
    asking.write("Anyone there?").sees_state("sent")
    ana.go(path or f"/admin/inbox/{asking.session_id}?tab=all")
    expect(ana.page.locator("main")).to_contain_text("Overview" if path else "Anyone there?")
    ana.page.screenshot(path=folder / f"{name}.png", animations="disabled")
    assert 10_000 < (folder / f"{name}.png").stat().st_size < LARGEST
