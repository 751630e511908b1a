"""Resolving is taken back with one press, before the visitor notices."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.operator import Operator
from tests.browser.test_look import fault_free
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_undo_after_resolving(
    staff: Callable[..., Operator], visit: Callable[..., Visitor]
) -> None:
    hoa = visit("/?agent=default")
    hoa.write("Where is order 48-113?").sees_state("sent")
    ana = staff("ana", viewport={"width": 320, "height": 640}).opens(hoa.session_id)
    ana.presses("Claim")
    ana.page.locator("summary", has_text="Resolve…").click()
    ana.presses("Resolve and next")
    expect(ana.flash).to_contain_text("Resolved.")
    fault_free(ana.page)
    ana.presses("Undo")
    expect(ana.flash).to_contain_text("It is open again, and yours.")
    ana.says("On its way.")
    expect(hoa.answers.last).to_contain_text("On its way.")
