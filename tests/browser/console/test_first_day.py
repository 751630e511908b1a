"""The README's five minutes of an operator, from the set-up code on, in browsers of their own."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser
ANAS = "blue horses at dawn"
GRACES = "seven quiet lighthouses"


def choose(page: Page, password: str, again: str) -> None:
    page.get_by_label(re.compile("^(New p|P)assword$")).fill(password)
    page.get_by_label(again).fill(password)


def become_admin(page: Page, bridge: RunningBridge) -> None:
    page.goto(f"{bridge.url}/admin/")
    page.get_by_role("link", name="Set up the first administrator").click()
    written = (bridge.data_dir / "setup-code.txt").read_text()
    (code,) = re.findall(r"\d{4}-\d{4}-\d{4}-\d{4}", written)
    page.get_by_label("Set-up code").fill(code)
    page.get_by_label("User name").fill("ana")
    choose(page, ANAS, "Password again")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    assert not (bridge.data_dir / "setup-code.txt").exists()


def hire_grace(page: Page) -> str:
    page.get_by_role("link", name="Users").click()
    page.get_by_role("link", name="Add somebody").click()
    page.get_by_label("User name").fill("grace")
    page.get_by_label("Role").select_option("operator")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("This is shown once.")).to_be_visible()
    return page.get_by_label("One-time password", exact=True).inner_text()


def sign_in(page: Page, bridge: RunningBridge, password: str) -> None:
    page.goto(f"{bridge.url}/login?next=%2Fadmin%2Finbox")
    page.get_by_label("User name").fill("grace")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Old password").fill(password)
    choose(page, GRACES, "New password again")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status").first).to_contain_text("password")


def test_from_the_set_up_code_to_an_answer(
    chromium: Browser, start_bridge: Callable[..., RunningBridge]
) -> None:
    bridge = start_bridge()
    ana, grace, ben = (Visitor(chromium, bridge.url, {}) for _ in range(3))
    become_admin(ana.page, bridge)
    first_password = hire_grace(ana.page)

    ben.go("/?agent=default").write("Where is order 48-113?").sees_state("sent")

    sign_in(grace.page, bridge, first_password)
    grace.page.goto(f"{bridge.url}/admin/inbox")
    grace.page.get_by_role("link", name=re.compile("Where is order 48-113")).click()
    grace.page.get_by_role("button", name="Claim").click()
    grace.page.locator("textarea[name=text]").fill("It leaves **today**.")
    grace.page.get_by_role("button", name="Send", exact=True).click()
    expect(ben.answers.locator("strong")).to_have_text("today")
    ben.sees_state("answered")
    assert [fault for one in (ana, grace, ben) for fault in one.leave()] == []
