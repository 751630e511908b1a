"""Every page of the console in light, dark and on a phone: for everybody, covered by nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.operator import Operator
from tests.browser.test_look import SIDEWAYS, accessible, fault_free
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ANSWER = "It **leaves** today:\n\n| day | place |\n|---|---|\n| Friday | Berlin |"
LOOKS = [("light", 1280), ("dark", 320)]  # the others: tests/browser/looks


@pytest.fixture
def session_id(visit: Callable[..., Visitor]) -> str:
    hoa = visit("/?agent=default")
    hoa.write("Where is order 48-113? It said Monday.").sees_state("sent")
    hoa.write("Anyone there?").sees_state("sent")
    return hoa.session_id


def pages(session_id: str) -> list[str]:
    return [
        "/admin/", "/admin/inbox", "/admin/inbox?tab=mine", "/admin/inbox?tab=all&q=nobody",
        f"/admin/inbox/{session_id}", "/admin/sessions", "/admin/sessions?q=nothing-like-it",
        f"/admin/sessions/{session_id}", f"/admin/sessions/{session_id}?raw=1", "/admin/outbox",
        "/admin/sessions/session_nobody", f"/admin/sessions/chosen?act=delete&id={session_id}",
    ]  # fmt: skip


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_pages_are_accessible_and_uncovered(
    staff: Callable[..., Operator], session_id: str, scheme: str, width: int, tmp_path: Path
) -> None:
    size = {"width": width, "height": 800}
    ana = staff("ana", color_scheme=scheme, viewport=size, reduced_motion="reduce")
    ana.opens(session_id).says("The carrier lost the label.", note=True)
    ana.says(ANSWER)
    for number, path in enumerate(pages(session_id)):
        ana.go(path)
        fault_free(ana.page)
        ana.page.screenshot(path=tmp_path / f"{number}-{scheme}-{width}.png")


@pytest.mark.parametrize("width", [1280, 320])
def test_what_opens_is_accessible_too(
    staff: Callable[..., Operator], session_id: str, width: int
) -> None:
    ana = staff("ana", viewport={"width": width, "height": 700})
    ana.go(f"/admin/sessions/{session_id}")
    for name in ("Export", "Close…", "Delete…"):
        ana.page.locator("summary", has_text=name).click()
        fault_free(ana.page)
        ana.page.keyboard.press("Escape")
        expect(ana.page.locator("summary", has_text=name)).to_be_focused()
    ana.page.keyboard.press("Control+k")
    expect(ana.page.locator('[data-part="find"]:visible')).to_be_focused()
    fault_free(ana.page)
    ana.page.keyboard.type(session_id)
    ana.page.keyboard.press("Enter")
    expect(ana.page).to_have_url(re.compile(f"/admin/sessions/{session_id}$"))
    if width < 768:
        ana.opens(session_id).page.locator("summary", has_text="Details").click()
        expect(ana.page.get_by_text("Waiting since").first).to_be_visible()
        accessible(ana.page)
        ana.page.keyboard.press("Escape")
        ana.page.locator(".menu-phone summary").first.click()
        expect(ana.page.get_by_role("link", name="Inbox")).to_be_visible()
    ana.page.locator("details.me summary:visible").click()
    expect(ana.page.get_by_role("button", name="Sign out")).to_be_visible()
    fault_free(ana.page)


def test_the_way_by_tab_begins_with_the_skip_link(staff: Callable[..., Operator]) -> None:
    ana = staff("ana").go("/admin/")
    ana.page.keyboard.press("Tab")
    expect(ana.page.get_by_role("link", name="Skip to the page")).to_be_focused()
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator("main")).to_be_focused()


def test_text_at_twice_the_size_still_fits(staff: Callable[..., Operator], session_id: str) -> None:
    ana = staff("ana", viewport={"width": 640, "height": 400}, device_scale_factor=2)
    for path in pages(session_id):
        ana.go(path)
        assert not ana.page.evaluate(SIDEWAYS)


def test_forced_colours(staff: Callable[..., Operator], session_id: str) -> None:
    ana = staff("ana", forced_colors="active")
    for path in ("/admin/", f"/admin/inbox/{session_id}"):
        ana.go(path)
        fault_free(ana.page)


def test_a_table_with_an_action_fits_a_screen(
    staff: Callable[..., Operator], session_id: str
) -> None:
    """What cannot be seen is not pressed: the action is the last column."""
    ana = staff("ana").opens(session_id)
    ana.says("The carrier lost the label; the replacement leaves today with another one.")
    ana.go("/admin/outbox")
    cut = "(table) => table.scrollWidth > table.clientWidth"
    assert not ana.page.locator(".sheet-table").evaluate(cut)
