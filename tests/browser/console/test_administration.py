"""Users, agents, keys and settings in a browser: in every look, by keyboard, without a script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.operator import Operator
from tests.browser.test_look import fault_free

pytestmark = pytest.mark.browser
LOOKS = [("light", 1280), ("dark", 320)]  # the others: tests/browser/looks
PAGES = (
    "/admin/users", "/admin/users?q=nobody-like-this", "/admin/users/new", "/admin/users/1",
    "/admin/agents", "/admin/agents/default", "/admin/keys", "/admin/keys/new", "/admin/settings",
)  # fmt: skip


@pytest.fixture
def anton(staff: Callable[..., Operator]) -> Operator:
    return staff("anton", "admin")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_pages_are_accessible_and_uncovered(
    staff: Callable[..., Operator], scheme: str, width: int, tmp_path: Path
) -> None:
    size = {"width": width, "height": 800}
    anton = staff("anton", "admin", color_scheme=scheme, viewport=size, reduced_motion="reduce")

    def look(name: str) -> None:
        fault_free(anton.page)
        anton.page.screenshot(path=tmp_path / f"{name}-{scheme}-{width}.png", full_page=True)

    for number, path in enumerate(PAGES):
        anton.go(path)
        look(f"{number:02}")
    anton.go("/admin/keys/new").page.get_by_label("Name").fill("Orders bot")
    anton.presses("Make the key")
    expect(anton.page.get_by_text("This is shown once.")).to_be_visible()
    look("key-shown")
    anton.page.get_by_role("link", name="I stored it").click()
    expect(anton.page.get_by_role("button", name="Rotate")).to_be_visible()
    look("key")
    anton.page.locator("summary", has_text="Revoke…").click()
    look("key-asks")
    anton.go("/admin/settings").page.get_by_role("textbox", name="legacy_lease").fill("never")
    anton.presses("Review changes")
    expect(anton.page.get_by_role("textbox", name="legacy_lease")).to_have_value("never")
    expect(anton.page.get_by_role("alert").first).to_contain_text("Not saved yet")
    look("settings-wrong")
    anton.page.get_by_role("textbox", name="legacy_lease").fill(f"{width + len(scheme)}")
    anton.presses("Review changes")
    expect(anton.page.get_by_role("button", name="Back to editing")).to_be_visible()
    look("settings-review")
    anton.presses("Save")
    expect(anton.flash).to_contain_text("saved and in effect")
    anton.page.get_by_role("link", name="Undo the change of legacy_lease").first.click()
    expect(anton.page.get_by_role("button", name="Undo", exact=True)).to_be_visible()
    look("settings-undo")


def test_a_secret_is_copied_and_gone_after_a_reload(anton: Operator) -> None:
    anton.context.grant_permissions(["clipboard-read", "clipboard-write"])
    anton.go("/admin/keys/new").page.get_by_label("Name").fill("Copied bot")
    anton.presses("Make the key")
    secret = anton.page.locator('[data-part="text"]').first.inner_text()
    anton.page.get_by_role("button", name="Copy: The key").click()
    expect(anton.page.locator("#status")).to_have_text("Copied")
    assert anton.page.evaluate("() => navigator.clipboard.readText()") == secret
    anton.page.reload()
    expect(anton.flash).to_contain_text("made already")
    assert secret not in anton.page.content()


def test_somebody_is_added_by_keyboard_and_signs_in(
    anton: Operator, staff: Callable[..., Operator]
) -> None:
    anton.go("/admin/users/new").page.get_by_label("User name").focus()
    keyboard = anton.page.keyboard
    keyboard.type("wanda")
    keyboard.press("Enter")
    expect(anton.page.get_by_text("This is shown once.")).to_be_visible()
    password = anton.page.locator('[data-part="text"]').inner_text()
    anton.page.get_by_role("link", name="Done").click()
    expect(anton.page.get_by_text("new password is due")).to_be_visible()
    wanda = anton.context.browser.new_context().new_page()
    wanda.goto(f"{anton.url}/login")
    wanda.get_by_label("User name").fill("wanda")
    wanda.get_by_label("Password", exact=True).fill(password)
    wanda.get_by_role("button", name="Sign in").click()
    expect(wanda.get_by_text("made by somebody else")).to_be_visible()
    wanda.context.close()


def test_without_a_script_secrets_are_there_and_forms_work(staff: Callable[..., Operator]) -> None:
    plain = staff("anton", "admin", java_script_enabled=False)
    plain.go("/admin/keys/new").page.get_by_label("Name").fill("Plain bot")
    plain.presses("Make the key")
    expect(plain.page.locator('[data-part="text"]').first).to_contain_text("sk_")
    expect(plain.page.get_by_role("button", name="Copy: The key")).to_be_hidden()
    plain.page.get_by_role("link", name="I stored it").click()
    plain.page.locator("summary", has_text="Revoke…").click()
    plain.presses("Revoke")
    expect(plain.flash).to_contain_text("opens nothing any more")
