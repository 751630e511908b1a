"""Jobs, dead letters, files, audit, logs and maintenance in a browser: in every look, and the way
of a dead letter back to its visitor."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from chat_bridge.client import Client
from tests.browser.operator import Operator
from tests.browser.test_look import fault_free
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser
LOOKS = [("light", 1280), ("dark", 320)]  # the others: tests/browser/looks
ATTEMPTS = 5
REASON = "The order system did not answer"


@pytest.fixture
def visitor(visit: Callable[..., Visitor], bridge: RunningBridge) -> Visitor:
    """Somebody with a file, a command that worked, one that failed, and a question; what others
    asked before is done."""
    with Client(bridge.url, bridge.agent_key) as agent:
        while waiting := agent.inbox(wait=0, limit=100):
            agent.ack(*waiting)
    hoa = visit("/?agent=default")
    hoa.attach("customers.csv").attached("customers.csv")
    hoa.write("/search city=Berlin").sees_state("answered")
    hoa.write("/search town=Berlin").sees_state("answered")
    hoa.write("Where is order 48-113?").sees_state("sent")
    return hoa


@pytest.fixture
def dead(bridge: RunningBridge, visitor: Visitor) -> Visitor:
    """Nobody could answer the question."""
    with Client(bridge.url, bridge.agent_key) as agent:
        for _ in range(ATTEMPTS):
            (message,) = agent.inbox(wait=30)
            agent.nack(message, reason=REASON)
    return visitor


def pages(job: str) -> list[str]:
    return [
        "/admin/jobs", "/admin/jobs?status=completed", "/admin/jobs?status=dead", job,
        "/admin/dead-letters", f"/admin/dead-letters/message?reason={REASON}",
        "/admin/dead-letters/aside", "/admin/files", "/admin/files?q=nothing-like-it",
        "/admin/audit", "/admin/logs", "/admin/logs?level=critical", "/admin/maintenance",
    ]  # fmt: skip


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_pages_are_accessible_and_uncovered(
    staff: Callable[..., Operator], dead: Visitor, scheme: str, width: int, tmp_path: Path
) -> None:
    size = {"width": width, "height": 800}
    anton = staff("anton", "admin", color_scheme=scheme, viewport=size, reduced_motion="reduce")
    anton.go("/admin/jobs")
    job = anton.page.locator("tbody .row-link").first.get_attribute("href") or ""
    anton.go("/admin/maintenance").page.locator("summary", has_text="Snapshot now").click()
    anton.presses("Take it")
    for number, path in enumerate(pages(job)):
        anton.go(path)
        fault_free(anton.page)
        anton.page.screenshot(path=tmp_path / f"{number:02}-{scheme}-{width}.png")
    anton.go("/admin/jobs")
    for fold in anton.page.locator(".row-more > summary").all():
        fold.click()
    fault_free(anton.page)


def test_dead_letter_retry(
    staff: Callable[..., Operator], bridge: RunningBridge, dead: Visitor
) -> None:
    expect(dead.messages.last.locator('[data-part="state"]')).to_contain_text("Not answered")
    ana = staff("ana").go("/admin/")
    ana.page.get_by_role("link", name="Dead letters").first.click()
    ana.page.get_by_role("link", name=REASON).click()
    row = ana.page.get_by_role("row").filter(has_text=dead.session_id)
    expect(row).to_contain_text("Where is order 48-113?")
    row.get_by_role("checkbox").check()
    ana.presses("Retry chosen")
    expect(ana.flash).to_contain_text("1 letter is tried again.")
    assert not ana.page.get_by_text(dead.session_id).count()
    with Client(bridge.url, bridge.agent_key) as agent:
        (message,) = agent.inbox(wait=30)
        agent.reply(message, "It is on its way.")
    expect(dead.answers.last).to_contain_text("It is on its way.")
    dead.sees_state("answered")


def test_all_data_is_cleared_only_by_typing_it(
    staff: Callable[..., Operator], visitor: Visitor
) -> None:
    anton = staff("anton", "admin").go("/admin/maintenance")
    anton.page.locator("summary", has_text="Clear all data").click()
    anton.page.get_by_label("Type “clear all data”").fill("clear")
    anton.presses("Erase everything")
    expect(anton.page.get_by_text("Type “clear all data” to clear all data.")).to_be_visible()
    anton.go("/admin/maintenance").page.locator("summary", has_text="Clear all data").click()
    anton.page.get_by_label("Type “clear all data”").fill("clear all data")
    anton.presses("Erase everything")
    expect(anton.flash).to_contain_text("Erased: ")
    expect(anton.go("/admin/sessions").page.get_by_text("No sessions yet")).to_be_visible()
