"""What is new to an operator stays marked while they do not see it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.operator import Operator
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
TURN = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_tab_that_nobody_sees_reads_nothing(
    staff: Callable[..., Operator], visit: Callable[..., Visitor]
) -> None:
    hoa = visit("/?agent=default")
    hoa.write("Where is order 48-113?").sees_state("sent")
    row = f'li[data-session="{hoa.session_id}"]'
    away, ana = staff("ana").opens(hoa.session_id), staff("ana")
    away.page.evaluate(TURN, True)
    hoa.write("Anyone there?").sees_state("sent")
    ana.go("/admin/inbox?tab=all&q=48-113")
    expect(ana.page.locator(row)).to_contain_text("1 new to you")
    expect(away.entries).to_have_count(1)
    away.page.evaluate(TURN, False)
    expect(away.entries.last).to_contain_text("Anyone there?")
    ana.go("/admin/inbox?tab=all&q=48-113")
    expect(ana.page.locator(row)).not_to_contain_text("new to you")
