"""Every key of the help does what it says there; the palette's own keys are in test_palette."""

import pytest
from playwright.sync_api import expect

from tests.browser.scripted import Scripted
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
LATER = {"timeout": 15_000}


def test_conversations_are_stepped_through(ana: Visitor) -> None:
    def goes(keys: str) -> None:
        with ana.page.expect_navigation():
            ana.page.keyboard.press(keys)

    ana.write("apples").sees_state("answered")
    goes("Alt+n")
    ana.write("pears").sees_state("answered")
    goes("Alt+ArrowDown")
    expect(ana.page).to_have_title("apples · Chat Bridge", **LATER)
    goes("Alt+ArrowUp")
    expect(ana.page).to_have_title("pears · Chat Bridge", **LATER)


def test_the_box_is_reached_and_the_last_answer_copied(visit) -> None:
    ana = visit(permissions=["clipboard-read", "clipboard-write"])
    ana.write("hello").sees_state("answered")
    ana.page.locator("#log").focus()
    ana.page.keyboard.press("Shift+Escape")
    expect(ana.box).to_be_focused()
    ana.page.locator("#log").focus()
    ana.page.keyboard.press("Control+Shift+c")
    expect(ana.page.locator("#status")).to_have_text("Copied", **LATER)
    copied = ana.page.evaluate("() => navigator.clipboard.readText()")
    assert "spreadsheets" in copied


def test_escape_stops_what_grows(ana: Visitor) -> None:
    ana.write("hello").sees_state("answered")
    scripted = Scripted(ana)
    stopped: list[str] = []
    ana.page.route("**/?action=stop", lambda route: stopped.append(route.request.post_data or ""))
    piece = {"response_id": "long", "offset": 0, "stream": "delta"}
    scripted.tell("response.delta", **piece, delta="Once upon")
    expect(ana.page.locator("[aria-busy=true]")).to_contain_text("Once upon", **LATER)
    with ana.page.expect_request("**/?action=stop"):
        ana.page.keyboard.press("Escape")
    expect(ana.box).to_be_focused()


def test_enter_may_make_a_new_line(ana: Visitor) -> None:
    line = ana.page.locator('[data-part="line"]')
    expect(line).to_contain_text("Enter sends")
    ana.page.keyboard.press("Control+/")
    ana.page.get_by_label("Enter makes a new line").check()
    ana.page.keyboard.press("Escape")
    expect(line).to_contain_text("Ctrl Enter sends")
    ana.box.fill("first")
    ana.page.keyboard.press("Enter")
    ana.page.keyboard.type("second")
    expect(ana.box).to_have_value("first\nsecond")
    ana.page.keyboard.press("Control+Enter")
    ana.sees_state("answered")
    ana.page.reload()
    expect(line).to_contain_text("Ctrl Enter sends")


def test_words_are_quoted_and_copied(visit) -> None:
    ana = visit(permissions=["clipboard-read", "clipboard-write"])
    ana.write("hello\nthere").sees_state("answered")
    ana.box.fill("and you?")
    ana.messages.first.hover()
    ana.messages.first.get_by_role("button", name="Quote").click()
    expect(ana.box).to_have_value("> hello\n> there\n\nand you?")
    ana.box.fill("")
    ana.answers.first.hover()
    ana.answers.first.get_by_role("button", name="Text", exact=True).click()
    expect(ana.page.locator("#status")).to_have_text("Copied", **LATER)
    shown = ana.answers.first.locator(".prose").inner_text()
    assert ana.page.evaluate("() => navigator.clipboard.readText()") == shown
    ana.answers.first.get_by_role("button", name="Quote").click()
    assert ana.box.input_value().startswith("> I work on spreadsheets")
