"""The chat page after some work, and the widget on a shop's page, in every look."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks.looking import LOOKS, Look, held, keep
from tests.browser.shop import inside, opened, session_of, write
from tests.browser.visitor import Visitor
from tests.journeys.customers import text
from tests.servers import RunningBridge
from tests.wire import caller

pytestmark = pytest.mark.browser
FOUR = text().replace(" 🐢".encode(), b"")  # few machines have a font for it
COMMAND = "/extract columns=name,city,email,joined | normalize email=email | search city=Berlin"
EARLIER = ("Where is order 48-113?", "Do the blue lamps come with a Swiss plug?")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_chat_page(visit: Callable[..., Visitor], look: Look, tmp_path: Path) -> None:
    hoa = visit(**look.browser)
    keep(hoa.page, "chat-empty", look, tmp_path)
    held(hoa.page, look)
    for words in EARLIER:
        hoa.go("/?agent=default&new=1").write(words).sees_state("sent")
    hoa.go("/?agent=sheets&new=1").attach("customers.csv", FOUR).attached("customers.csv")
    hoa.write(COMMAND).sees_state("answered")
    expect(hoa.answers.last.get_by_role("table")).to_be_visible()
    keep(hoa.page, "chat", look, tmp_path)
    held(hoa.page, look)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_widget(
    enter: Callable[..., Page], bridge: RunningBridge, look: Look, tmp_path: Path
) -> None:
    page = enter(
        'data-api-key="public" data-theme="auto" data-title="Ask the shop"', **look.browser
    )
    keep(page, "widget-closed", look, tmp_path)
    held(page, look)
    opened(page, "Ask the shop")
    question = f"Are there {LOOKS.index(look) + 3} blue lamps?"
    write(page, question)
    words = (
        "Yes, three are left:\n\n| size | price |\n|---|---|\n| 30 cm | € 39 |\n| 45 cm | € 54 |"
    )
    caller.agent(bridge).reply(session_of(bridge, question), words)
    expect(inside(page).get_by_role("table")).to_be_visible()
    expect(inside(page).locator("#title")).to_have_text(re.compile("Ask the shop"))
    keep(page, "widget", look, tmp_path)
    held(page.frames[-1], look)
