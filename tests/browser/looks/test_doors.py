"""The pages in front of the chat and the console, in every look."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.looks.looking import LOOKS, Look, held, keep
from tests.browser.looks.places import DOORS
from tests.browser.operator import PASSWORD, Operator
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_pages_of_everybody(visit: Callable[..., Visitor], look: Look, tmp_path: Path) -> None:
    guest = visit(**look.browser)
    for name, path in DOORS.items():
        guest.page.goto(guest.url + path)
        if name == "sign-in":
            keep(guest.page, name, look, tmp_path)
        held(guest.page, look)
    wanda = guest
    wanda.page.goto(wanda.url + "/login?next=/account")
    wanda.page.get_by_label("User name").fill("wanda")
    wanda.page.get_by_label("Password", exact=True).fill(PASSWORD)
    wanda.page.get_by_role("button", name="Sign in").click()
    wanda.page.get_by_text("made by somebody else").wait_for()
    keep(wanda.page, "new-password", look, tmp_path)
    held(wanda.page, look)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_account(staff: Callable[..., Operator], look: Look, tmp_path: Path) -> None:
    grace = staff("grace", **look.browser)
    grace.page.goto(grace.url + "/account")
    keep(grace.page, "account", look, tmp_path)
    held(grace.page, look)


def test_the_set_up(
    chromium: Browser, start_bridge: Callable[..., RunningBridge], tmp_path: Path
) -> None:
    bridge = start_bridge(CHAT_BRIDGE_WEB_WORKERS="1", CHAT_BRIDGE_JOB_WORKERS="1")
    for look in LOOKS:
        first = Visitor(chromium, bridge.url, look.browser)
        first.page.goto(bridge.url + "/setup")
        first.page.get_by_label("Set-up code").wait_for()
        keep(first.page, "set-up", look, tmp_path)
        held(first.page, look)
        assert first.leave() == []
