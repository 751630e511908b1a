"""The list of conversations: renamed, kept on top, deleted and searched, each from its own menu."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def menu(who: Visitor, title: str) -> Locator:
    row = who.page.locator(".talk-row", has_text=title)
    row.hover()
    row.get_by_role("button", name="More for").click()
    return row


@pytest.fixture
def with_two(ana: Visitor) -> Visitor:
    ana.write("apples").sees_state("answered")
    with ana.page.expect_navigation():
        ana.page.get_by_role("link", name="New chat").click()
    ana.write("pears").sees_state("answered")
    return ana


def test_a_conversation_is_renamed(with_two: Visitor) -> None:
    page = with_two.page
    menu(with_two, "pears").get_by_role("button", name="Rename").click()
    box = page.get_by_label("Title")
    expect(box).to_be_focused()
    expect(box).to_have_value("pears")
    box.fill("Fruit of autumn")
    page.keyboard.press("Enter")
    row = page.locator(".talk-row", has_text="Fruit of autumn")
    expect(row).to_have_count(1, timeout=15_000)
    expect(page).to_have_title("Fruit of autumn · Chat Bridge")
    expect(row.get_by_role("button", name="More for Fruit of autumn")).to_be_focused()
    page.reload()
    expect(page).to_have_title("Fruit of autumn · Chat Bridge")


def test_what_is_pinned_stands_on_top(with_two: Visitor) -> None:
    page = with_two.page
    top = page.locator(".talks section").first
    menu(with_two, "apples").get_by_role("button", name="Pin", exact=True).click()
    expect(top.get_by_role("heading")).to_have_text("Pinned", timeout=15_000)
    expect(top.locator(".talk")).to_contain_text("apples")
    menu(with_two, "apples").get_by_role("button", name="Unpin").click()
    expect(top.get_by_role("heading")).to_have_text("Today", timeout=15_000)
    expect(top.locator(".talk")).to_have_count(2)


def test_another_conversation_is_deleted_from_here(with_two: Visitor) -> None:
    page = with_two.page
    menu(with_two, "apples").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".talk")).to_have_count(1, timeout=15_000)
    expect(page.locator(".talk")).to_contain_text("pears")
    expect(with_two.messages).to_have_count(1)
    menu(with_two, "pears").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.locator(".empty")).to_be_visible(timeout=15_000)
    expect(page.locator(".talk")).to_have_count(0)


def test_words_of_messages_are_found_and_marked(with_two: Visitor) -> None:
    page = with_two.page
    page.get_by_role("button", name="Search conversations").click()
    box = page.get_by_role("searchbox")
    box.fill("appl")
    expect(page.locator(".talks .talk mark").first).to_have_text("appl", timeout=15_000)
    box.fill("spreadsheets")
    found = page.get_by_role("region", name="Found in messages")
    expect(found.get_by_role("link")).to_have_count(2, timeout=15_000)
    expect(found.locator("mark").first).to_have_text("spreadsheets")
    found.get_by_role("link").filter(has_text="apples").click()
    expect(page).to_have_title("apples · Chat Bridge", timeout=15_000)


def test_the_menu_by_keyboard_alone(with_two: Visitor) -> None:
    page = with_two.page
    page.get_by_role("button", name="More for apples").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pin", exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    heading = page.locator(".talks section").first.get_by_role("heading")
    expect(heading).to_have_text("Pinned", timeout=15_000)
    expect(page.get_by_role("button", name="More for apples")).to_be_focused()
