"""What came while nobody looked: counted in the title, a dot on the icon, a line above it."""

import pytest
from playwright.sync_api import expect

from tests.browser.scripted import Scripted, answer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
AWAY = "() => { document.hasFocus = () => false; }"
BACK = "() => { delete document.hasFocus; window.dispatchEvent(new Event('focus')); }"
ICON = "() => document.querySelector('link[rel=icon]').href"
AFTER_LINE = "() => document.querySelector('.unread').nextElementSibling.textContent"


def test_a_line_and_a_dot_mark_what_is_new(ana: Visitor) -> None:
    ana.write("hello").sees_state("answered")
    scripted = Scripted(ana)
    expect(ana.answers).to_have_count(1)
    line = ana.page.get_by_role("separator", name="New")
    plain = ana.page.evaluate(ICON)
    ana.page.evaluate(AWAY)
    scripted.tell("response.created", response=answer("one", id=1_000_001))
    scripted.tell("response.created", response=answer("two", id=1_000_002))
    expect(ana.page).to_have_title("(2) hello · Chat Bridge")
    expect(line).to_have_count(1)
    assert "one" in ana.page.evaluate(AFTER_LINE)
    assert "unread" in ana.page.evaluate(ICON)
    ana.page.evaluate(BACK)
    expect(ana.page).to_have_title("hello · Chat Bridge")
    assert ana.page.evaluate(ICON) == plain
    expect(line).to_be_visible()
    ana.page.evaluate(AWAY)
    scripted.tell("response.created", response=answer("three", id=1_000_003))
    expect(ana.page).to_have_title("(1) hello · Chat Bridge")
    expect(line).to_have_count(1)
    assert "three" in ana.page.evaluate(AFTER_LINE)
    ana.page.evaluate(BACK)
    ana.write("I have read it")
    expect(line).to_have_count(0)


def test_a_reader_far_above_finds_the_line(ana: Visitor) -> None:
    for words in ("/help", "/help extract", "/help normalize"):
        ana.write(words).sees_state("answered")
    scripted = Scripted(ana)
    expect(ana.answers).to_have_count(3)
    ana.page.mouse.move(700, 300)
    ana.page.mouse.wheel(0, -9_000)
    expect(ana.page.locator("#jump")).to_be_visible()
    scripted.tell("response.created", response=answer("one", id=1_000_001))
    scripted.tell("response.created", response=answer("two", id=1_000_002))
    expect(ana.page.locator("#jump")).to_have_text("↓ 2 new")
    expect(ana.page).to_have_title("/help · Chat Bridge")
    assert "one" in ana.page.evaluate(AFTER_LINE)


def test_the_states_glyph_turns_only_while_somebody_works(ana: Visitor) -> None:
    """Nothing moves unless it tells something."""
    turning = "(node) => getComputedStyle(node).animationName"
    ana.write("hello").sees_state("answered")
    glyph = ana.messages.first.locator(".foot .icon")
    assert glyph.evaluate(turning) == "none"
    ana.messages.first.evaluate("(node) => { node.dataset.state = 'working'; }")
    assert glyph.evaluate(turning) == "turn"
