"""Text that was removed by an operator leaves the page its visitor has open, and stays away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from chat_bridge.client import Client
from tests.browser.operator import Operator
from tests.browser.test_look import fault_free
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser
SECRET = "4929 1182 7701 6632"
NOTICE = "[Text removed by an operator]"
SOON = 15_000


def test_removed_text_leaves_the_visitors_page(
    staff: Callable[..., Operator], visit: Callable[..., Visitor], bridge: RunningBridge
) -> None:
    hoa = visit("/?agent=default")
    hoa.write(f"My card is {SECRET}").sees_state("sent")
    with Client(bridge.url, bridge.agent_key) as agent:
        while waiting := agent.inbox(wait=0, limit=100):
            for message in waiting:
                agent.reply(message, f"Charged: {SECRET}")
    expect(hoa.answers.last).to_contain_text(SECRET, timeout=SOON)

    ana = staff("ana", color_scheme="dark", viewport={"width": 320, "height": 640})
    for side in ("message", "response"):
        ana.go(f"/admin/sessions/{hoa.session_id}")
        link = ana.page.locator(f'a[href*="/{side}/"][href$="/redact"]')
        link.focus()
        ana.page.keyboard.press("Enter")
        expect(ana.page.get_by_text("This cannot be undone.")).to_be_visible(timeout=SOON)
        fault_free(ana.page)
        ana.presses("Remove for good")
        expect(ana.flash).to_contain_text("is removed")
    fault_free(ana.page)

    expect(hoa.messages.last).to_contain_text(NOTICE, timeout=SOON)
    expect(hoa.answers.last).to_contain_text(NOTICE, timeout=SOON)
    assert SECRET not in hoa.page.locator("main").inner_text()
    hoa.page.reload()
    expect(hoa.messages.last).to_contain_text(NOTICE, timeout=SOON)
    assert SECRET not in hoa.page.content()
