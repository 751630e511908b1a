"""What administrators do, from the page to the wire and the audit log."""

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from chat_bridge.client import Client, Unauthenticated
from tests.browser.operator import Operator
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser


@pytest.fixture
def anton(staff: Callable[..., Operator]) -> Operator:
    return staff("anton", "admin")


def secret(anton: Operator) -> str:
    expect(anton.page.get_by_text("This is shown once.")).to_be_visible()
    return str(anton.page.locator('[data-part="text"]').first.inner_text())


def new_key(anton: Operator, name: str) -> str:
    anton.go("/admin/keys/new").page.get_by_label("Name").fill(name)
    anton.presses("Make the key")
    return secret(anton)


def rotate(anton: Operator, old: str, hours: int) -> str:
    anton.go(f"/admin/keys/{old[:11]}")
    anton.page.get_by_label("Hours for which the old key still works").fill(str(hours))
    anton.presses("Rotate")
    return secret(anton)


def works(bridge: RunningBridge, key: str) -> bool:
    with Client(bridge.url, key) as agent:
        try:
            agent.inbox(wait=0)
        except Unauthenticated:
            return False
    return True


def audited(anton: Operator) -> list[tuple[str, str]]:
    """What the log says, newest first: what, and about whom."""
    rows = anton.go("/admin/audit").page.locator("tbody tr")
    return [(row.locator("th").inner_text(), row.locator("td").first.inner_text())
            for row in rows.all()]  # fmt: skip


def config(bridge: RunningBridge) -> Any:
    """What a script reads with the admin key."""
    headers = {"Authorization": f"Bearer {bridge.admin_key}"}
    request = urllib.request.Request(f"{bridge.url}/api/v1/?action=config", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["data"]


def test_key_rotate_overlap(anton: Operator, bridge: RunningBridge) -> None:
    old = new_key(anton, "Overlapping bot")
    new = rotate(anton, old, 1)
    assert new != old
    assert (works(bridge, old), works(bridge, new)) == (True, True)
    anton.go(f"/admin/keys/{old[:11]}")
    anton.page.locator("summary", has_text="Revoke…").click()
    anton.presses("Revoke")
    expect(anton.flash).to_contain_text("opens nothing any more")
    assert (works(bridge, old), works(bridge, new)) == (False, True)
    last = rotate(anton, new, 0)
    assert (works(bridge, new), works(bridge, last)) == (False, True)


def test_config_diff_and_undo(
    anton: Operator, staff: Callable[..., Operator], bridge: RunningBridge
) -> None:
    berta = staff("berta", "admin").go("/admin/settings")
    anton.go("/admin/settings").page.get_by_role("textbox", name="session_timeout").fill("7200")
    anton.presses("Review changes")
    row = anton.page.get_by_role("row", name="session_timeout")
    expect(row).to_contain_text("86400")
    expect(row).to_contain_text("7200")
    anton.presses("Save")
    expect(anton.flash).to_contain_text("1 setting is saved and in effect")
    assert config(bridge)["session_timeout"] == "7200"
    berta.page.get_by_role("textbox", name="session_timeout").fill("600")
    berta.presses("Review changes")
    expect(berta.page.get_by_text("Stored meanwhile: “7200”")).to_be_visible()
    expect(berta.page.get_by_role("textbox", name="session_timeout")).to_have_value("600")
    anton.page.get_by_role("link", name="Undo the change of session_timeout").first.click()
    anton.presses("Undo")
    expect(anton.flash).to_contain_text("session_timeout is as it was before")
    expect(anton.page.get_by_role("textbox", name="session_timeout")).to_have_value("86400")


def test_audit_records_everything(anton: Operator) -> None:
    """Each act of the administration leaves its entry, and the chain stays whole."""
    page = anton.page
    key = new_key(anton, "Audited bot")
    successor = rotate(anton, key, 1)
    anton.go(f"/admin/keys/{key[:11]}").page.locator("summary", has_text="Revoke…").click()
    anton.presses("Revoke")
    anton.go("/admin/agents/new")
    page.get_by_label("Short name").fill("audited")
    page.get_by_label("Name", exact=True).fill("Audited")
    anton.presses("Add agent")
    page.get_by_label("Status").select_option("inactive")
    anton.presses("Save")
    page.locator("summary", has_text="Remove…").click()
    anton.presses("Remove")
    expect(anton.flash).to_contain_text("audited is removed")
    anton.go("/admin/users/new").page.get_by_label("User name").fill("audrey")
    anton.presses("Add")
    page.get_by_role("link", name="Done").click()
    page.get_by_label("Role").select_option("viewer")
    anton.presses("Save")
    anton.presses("Unlock")
    page.locator("summary", has_text="Reset password…").click()
    anton.presses("Reset")
    page.get_by_role("link", name="Done").click()
    page.locator("summary", has_text="Deactivate…").click()
    anton.presses("Deactivate")
    expect(page.locator(".bartop .state")).to_have_text("closed")
    anton.go("/admin/settings").page.get_by_role("textbox", name="retention_days").fill("4000")
    anton.presses("Review changes").presses("Save")
    expect(anton.flash).to_contain_text("saved")
    told = audited(anton)
    for act, about in (
        ("key new", key[:11]), ("key rotate", key[:11]), ("key revoke", key[:11]),
        ("agent add", "audited"), ("agent change", "audited: status"), ("agent remove", "audited"),
        ("user add", "audrey"), ("user change", "audrey: role"), ("user unlock", "audrey"),
        ("password reset", "audrey"), ("user change", "audrey: is_active"),
        ("config", "retention_days"),
    ):  # fmt: skip
        assert (act, about) in told, act
    for kept in (key, successor):
        assert kept not in page.content()
    anton.presses("Verify the chain")
    expect(anton.flash).to_contain_text("unbroken")


def test_an_operators_morning(
    anton: Operator, visit: Callable[..., Visitor], bridge: RunningBridge
) -> None:
    """See who waits, claim, answer, retry a dead job, rotate a key, take a snapshot."""
    hoa = visit("/?agent=default")
    hoa.write("/search town=Berlin").sees_state("answered")
    hoa.write("Where is my order?").sees_state("sent")
    anton.go("/admin/")
    anton.page.get_by_role("link", name="Waiting now").click()
    anton.page.locator(f'a[href*="{hoa.session_id}"]').first.click()
    anton.presses("Claim")
    anton.says("It leaves today.")
    expect(hoa.answers.last).to_contain_text("It leaves today.")
    anton.go("/admin/jobs").page.locator("tbody .row-link", has_text="town=Berlin").first.click()
    anton.page.locator("summary", has_text="Try again…").click()
    anton.presses("Try again")
    expect(anton.flash).to_contain_text("waits for a worker again")
    key = new_key(anton, "Morning bot")
    assert works(bridge, rotate(anton, key, 24))
    anton.go("/admin/maintenance").page.locator("summary", has_text="Snapshot now").click()
    anton.presses("Take it")
    expect(anton.flash).to_contain_text("was made and read back whole")


def test_the_bar_of_the_settings_stays_in_sight_and_counts(anton: Operator) -> None:
    page = anton.go("/admin/settings").page
    button = page.get_by_role("button", name="Review changes")
    expect(button).to_be_in_viewport()
    page.get_by_role("textbox", name="retention_days").fill("4001")
    expect(button).to_be_in_viewport()
    expect(page.locator('[data-part="count"]')).to_have_text("(1)")
