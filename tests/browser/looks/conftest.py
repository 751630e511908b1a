from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.looks.day import STAFF, Day
from tests.browser.operator import HIRED, Operator
from tests.servers import RunningBridge


@pytest.fixture(scope="session")
def day(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Day]:
    """A bridge on which a lot has happened; these tests only look at it."""
    folder = tmp_path_factory.mktemp("shop") / "data"
    running = RunningBridge(folder, {"CHAT_BRIDGE_RATE_LIMITS": "off"}).start()
    HIRED.update((running.url, name) for name in STAFF)
    today = Day(running).begin()
    administered(Operator(chromium, running.url, {}, "ana"), today.hoa)
    yield today
    running.stop()


@pytest.fixture
def bridge(day: Day) -> RunningBridge:
    return day.bridge


def administered(ana: Operator, hoa: str) -> None:
    for name in ("Orders program", "Nightly import"):
        ana.go("/admin/keys/new").page.get_by_label("Name").fill(name)
        ana.presses("Make the key")
        secret = ana.page.locator('[data-part="text"]').first.inner_text()
    ana.go(f"/admin/keys/{secret[:11]}").presses("Rotate")
    ana.go("/admin/settings").page.get_by_role("textbox", name="retention_days").fill("400")
    ana.presses("Review changes").presses("Save")
    ana.go("/admin/maintenance").page.locator("summary", has_text="Snapshot now").click()
    ana.presses("Take it")
    ana.opens(hoa).presses("Claim")
    ana.says("The carrier lost the label; a replacement leaves today.", note=True)
    assert ana.leave() == []
