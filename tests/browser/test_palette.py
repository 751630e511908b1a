import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_palette_keyboard(ana: Visitor) -> None:
    ana.box.press("/")
    expect(ana.options.first).to_be_visible()
    expect(ana.box).to_have_attribute("aria-expanded", "true")
    first = ana.box.get_attribute("aria-activedescendant")
    ana.box.press("ArrowDown")
    second = ana.box.get_attribute("aria-activedescendant")
    assert first != second
    expect(ana.page.locator(f"#{second}")).to_have_attribute("aria-selected", "true")
    ana.box.press("ArrowUp")
    assert ana.box.get_attribute("aria-activedescendant") == first
    ana.box.press("Escape")
    expect(ana.options).to_have_count(0)
    expect(ana.box).to_have_attribute("aria-expanded", "false")
    expect(ana.box).to_have_value("/")
    expect(ana.box).to_be_focused()


def test_letters_filter_loosely_and_tab_takes(ana: Visitor) -> None:
    ana.box.press_sequentially("/xtr")
    expect(ana.options.first).to_contain_text("/extract")
    ana.box.press("Tab")
    expect(ana.box).to_have_value("/extract ")
    expect(ana.options).to_have_count(0)
    hint = ana.page.locator("#palette-hint")
    expect(hint).to_contain_text("columns=")
    ana.page.get_by_role("button", name="columns=", exact=True).click()
    expect(ana.box).to_have_value("/extract columns=")
    expect(hint.locator(".now")).to_have_text("columns=")


def test_enter_takes_what_is_incomplete_and_sends_what_is_not(ana: Visitor) -> None:
    ana.box.press_sequentially("/hel")
    expect(ana.options.first).to_contain_text("/help")
    ana.box.press("Enter")
    expect(ana.box).to_have_value("/help")
    expect(ana.messages).to_have_count(0)
    ana.box.press("Enter")
    expect(ana.messages).to_have_count(1)


def test_a_second_command_of_a_pipeline_is_offered(ana: Visitor) -> None:
    ana.box.press_sequentially("/extract columns=name | ded")
    expect(ana.options.first).to_contain_text("/dedupe")
    ana.box.press("Enter")
    expect(ana.box).to_have_value("/extract columns=name | dedupe ")


def test_commands_by_pointer_alone(ana: Visitor) -> None:
    ana.page.get_by_role("button", name="Commands", exact=True).click()
    ana.options.filter(has_text="/search").click()
    expect(ana.box).to_have_value("/search ")
    expect(ana.box).to_be_focused()


def test_control_k_opens_the_commands_and_control_slash_the_help(ana: Visitor) -> None:
    ana.page.locator("#log").focus()
    ana.page.keyboard.press("Control+k")
    expect(ana.options.first).to_be_visible()
    ana.page.keyboard.press("Escape")
    ana.page.keyboard.press("Control+/")
    expect(ana.page.locator("#help")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(ana.page.locator("#help")).to_be_hidden()


def test_alt_n_starts_a_new_chat(ana: Visitor) -> None:
    ana.write("hello").sees_state("answered")
    ana.page.keyboard.press("Alt+n")
    expect(ana.page.locator(".empty")).to_be_visible()
    expect(ana.messages).to_have_count(0)
    expect(ana.page.get_by_role("link", name="hello")).to_be_visible()
