"""The inbox by its keys."""

import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.operator import Operator
from tests.browser.test_look import accessible
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
PATIENCE = 15_000


@pytest.fixture
def mine(visit: Callable[..., Visitor]) -> tuple[str, list[str]]:
    """A list of two who wait."""
    mark = secrets.token_hex(4)
    waiting = []
    for number in range(2):
        hoa = visit("/?agent=default")
        hoa.write(f"Where is order {number} of {mark}?").sees_state("sent")
        waiting.append(hoa.session_id)
    return f"/admin/inbox?tab=all&q={mark}", waiting


def test_the_keys_of_the_inbox(staff: Callable[..., Operator], mine: tuple[str, list[str]]) -> None:
    place, (first, second) = mine
    ana = staff("ana").go(place)
    keys, heading = ana.page.keyboard, ana.page.locator("inbox-live")

    def goes(key: str, session: str) -> None:
        keys.press(f"Alt+{key}")
        expect(heading).to_have_attribute("data-session", session, timeout=PATIENCE)
        ana.page.wait_for_load_state()  # before that it hears no keys

    for key, session in (("j", first), ("j", second), ("j", second), ("k", first)):
        goes(key, session)
    box = ana.page.locator("textarea[name=text]")
    keys.press("Alt+l")
    expect(box).to_be_focused()
    keys.press("Alt+p")
    expect(ana.page.get_by_role("radio", name="Private note")).to_be_checked()
    keys.type("Ask the carrier")
    goes("j", second)
    expect(box).to_have_value("")
    goes("k", first)
    expect(box).to_have_value("Ask the carrier", timeout=PATIENCE)
    expect(ana.page.get_by_role("radio", name="Private note")).to_be_checked()
    keys.press("Alt+m")
    expect(ana.page.get_by_label("For", exact=True)).to_be_focused()
    keys.press("Escape")
    keys.press("Alt+e")
    expect(ana.flash).to_contain_text("Resolved.", timeout=PATIENCE)


def test_the_keys_are_told(staff: Callable[..., Operator], mine: tuple[str, list[str]]) -> None:
    ana = staff("ana").opens(mine[1][0])
    ana.page.locator(".keys summary").click()
    expect(ana.page.get_by_text("on to the next")).to_be_visible()
    accessible(ana.page)
    ana.page.keyboard.press("Escape")
    expect(ana.page.get_by_text("on to the next")).to_be_hidden()
