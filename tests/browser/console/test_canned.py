"""Canned replies and conversations put off, in a browser: with the keyboard, in every look."""

import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.operator import Operator
from tests.browser.test_look import accessible, fault_free
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
WORDS = "We open at nine."


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    hoa = visit("/?agent=default")
    hoa.write("When do you open?").sees_state("sent")
    return hoa


def keep(operator: Operator) -> str:
    """The shortcut of a new reply."""
    shortcut = f"hours-{secrets.token_hex(3)}"
    operator.go("/admin/canned-replies/new").page.get_by_label("Shortcut").fill(shortcut)
    operator.page.get_by_label("Words").fill(WORDS)
    operator.presses("Add reply")
    expect(operator.flash).to_contain_text(f"Type /{shortcut} in the inbox")
    return shortcut


def test_a_reply_is_typed_by_its_shortcut_changed_and_sent(
    staff: Callable[..., Operator], visitor: Visitor
) -> None:
    ana = staff("ana")
    shortcut = keep(ana)
    box = ana.opens(visitor.session_id).page.locator("textarea[name=text]")
    box.focus()
    ana.page.keyboard.type(f"/{shortcut}")
    option = ana.page.get_by_role("option", name=f"/{shortcut}")
    expect(option).to_have_attribute("aria-selected", "true")
    accessible(ana.page)
    ana.page.keyboard.press("Escape")
    expect(option).to_be_hidden()
    ana.page.keyboard.press("Backspace")
    ana.page.keyboard.press("Enter")
    expect(box).to_have_value(WORDS)
    ana.page.keyboard.press("End")
    ana.page.keyboard.type(" Welcome!")
    ana.page.keyboard.press("Control+Enter")
    expect(ana.flash).to_contain_text("Answered")
    expect(visitor.answers.last).to_contain_text(f"{WORDS} Welcome!")


def test_replies_are_chosen_without_a_script(
    staff: Callable[..., Operator], visitor: Visitor
) -> None:
    ana = staff("ana", java_script_enabled=False)
    shortcut = keep(ana)
    ana.opens(visitor.session_id).page.locator("summary", has_text="Replies").click()
    ana.page.get_by_role("link", name=f"/{shortcut}").click()
    expect(ana.page.locator("textarea[name=text]")).to_have_value(WORDS)


def test_what_is_put_off_comes_back_when_its_visitor_writes(
    staff: Callable[..., Operator], visitor: Visitor
) -> None:
    ana = staff("ana").opens(visitor.session_id)
    ana.page.locator("summary", has_text="Put off…").click()
    ana.page.get_by_label("For", exact=True).select_option("1")
    ana.presses("Put off")
    expect(ana.flash).to_contain_text("Put off for 1 hour")
    row = ana.page.locator(f'li[data-session="{visitor.session_id}"]')
    ana.go("/admin/inbox?tab=snoozed")
    expect(row).to_contain_text("until")
    visitor.write("Today, please.").sees_state("sent")
    expect(ana.go("/admin/inbox").page.get_by_text("Today, please.")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_pages_are_accessible_and_uncovered(
    staff: Callable[..., Operator], visitor: Visitor, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 800}
    ana = staff("ana", color_scheme=scheme, viewport=size, reduced_motion="reduce")
    keep(ana)
    pages = ("", "/new", "/1", "?q=nothing-like-it", "?state=removed")
    for path in [*(f"/admin/canned-replies{page}" for page in pages), "/admin/jobs", "/admin/"]:
        ana.go(path)
        fault_free(ana.page)
    ana.opens(visitor.session_id).page.locator("summary", has_text="Replies").click()
    accessible(ana.page)
    ana.opens(visitor.session_id).page.locator("summary", has_text="Put off…").click()
    accessible(ana.page)
