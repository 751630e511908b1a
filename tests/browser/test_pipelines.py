"""Commands again: changed, on all rows after a preview, under a name in the palette."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def ana_with_customers(ana: Visitor) -> Visitor:
    return ana.attach().attached()


def pressed(answer: Locator, label: str) -> None:
    answer.get_by_role("button", name=label, exact=True).click()


def test_a_result_is_edited_and_run_again(ana_with_customers: Visitor) -> None:
    ana = ana_with_customers.write("/search city=Berlin").sees_state("answered")
    result = ana.answers.last
    pressed(result, "Edit")
    expect(ana.box).to_have_value("/search city=Berlin")
    expect(ana.box).to_be_focused()
    expect(ana.messages).to_have_count(1)
    ana.box.fill("")
    pressed(result, "Run again")
    expect(ana.messages).to_have_count(2)
    ana.sees_state("answered")
    expect(ana.messages.last).to_contain_text("/search city=Berlin")
    expect(ana.answers.last).to_contain_text("1 row")


def test_a_preview_is_shown_and_offers_all_rows(ana_with_customers: Visitor) -> None:
    ana = ana_with_customers.write("/search city=Berlin preview=yes").sees_state("answered")
    tried = ana.answers.last
    expect(tried).to_contain_text("Preview of the first 2 rows; nothing was stored.")
    card: Any = tried.locator("file-result")
    expect(card.get_by_role("cell", name="Zoe", exact=True)).to_be_visible()
    expect(card.get_by_role("link")).to_have_count(0)
    expect(card.get_by_role("button", name="Use as input")).to_be_hidden()
    pressed(tried, "Run on all rows")
    expect(ana.messages).to_have_count(2)
    ana.sees_state("answered")
    expect(ana.messages.last).not_to_contain_text("preview")
    expect(ana.answers.last.get_by_role("link").first).to_be_visible()


def test_a_saved_name_is_in_the_palette(ana_with_customers: Visitor) -> None:
    ana = ana_with_customers.write("/save berliners /search city=Berlin").sees_state("answered")
    ana.box.press_sequentially("/berl")
    option = ana.options.first
    expect(option).to_contain_text("/berliners")
    expect(option).to_contain_text("Saved")
    expect(option).to_contain_text("/search city=Berlin")
    ana.box.press("Enter")
    expect(ana.box).to_have_value("/berliners")
    ana.box.press("Enter")
    expect(ana.messages).to_have_count(2)
    ana.sees_state("answered")
    expect(ana.answers.last).to_contain_text("1 row")
    ana.write("/help").sees_state("answered")
    expect(ana.answers.last).to_contain_text("Saved")
    expect(ana.answers.last).to_contain_text("/berliners")


def test_again_and_names_are_in_the_palette(ana_with_customers: Visitor) -> None:
    ana = ana_with_customers.write("/search city=Berlin").sees_state("answered")
    ana.box.press_sequentially("/sav")
    expect(ana.options.first).to_contain_text("/save")
    expect(ana.options.nth(1)).to_contain_text("/saved")
    ana.box.press("Enter")
    expect(ana.box).to_have_value("/save ")
    expect(ana.page.locator("#palette-hint")).to_contain_text("/save monthly")
    ana.write("/save berliners").sees_state("answered")
    ana.box.press_sequentially("/forg")
    expect(ana.options.first).to_contain_text("Drop a name")
    ana.box.press("Tab")
    ana.box.press_sequentially("berliners")
    ana.box.press("Enter")
    expect(ana.answers.last).to_contain_text("is forgotten")
    ana.box.press_sequentially("/aga")
    expect(ana.options.first).to_contain_text("/again")
    ana.box.press("Enter")
    expect(ana.box).to_have_value("/again")
    ana.box.press("Enter")
    expect(ana.answers.last).to_contain_text("1 row")
