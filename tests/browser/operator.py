"""A person of the staff in front of the console."""

import subprocess
import sys
from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

PASSWORD = "blue horses at dawn"
HIRED: set[tuple[str, str]] = set()


def hire(bridge: RunningBridge, name: str, role: str = "operator") -> None:
    """Gives somebody an account, once."""
    if (bridge.url, name) in HIRED:
        return
    HIRED.add((bridge.url, name))
    command = [sys.executable, "-m", "chat_bridge", "user", "add", name, "--role", role, "--ask"]
    subprocess.run(
        command, input=PASSWORD.encode(), env=bridge.environment, capture_output=True, check=True
    )


class Operator(Visitor):
    """Signs in by the form, as people do."""

    def __init__(self, chromium: Browser, url: str, browser: dict[str, Any], name: str) -> None:
        super().__init__(chromium, url, browser)
        self.name = name
        self.page.goto(f"{url}/login?next=%2Fadmin%2F")
        self.page.get_by_label("User name").fill(name)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Overview", level=1)).to_be_visible()

    def go(self, path: str = "/admin/") -> "Operator":
        self.page.goto(self.url + path)
        expect(self.page.locator("main")).to_be_visible()
        return self

    def opens(self, session_id: str) -> "Operator":
        return self.go(f"/admin/inbox/{session_id}")

    def presses(self, name: str) -> "Operator":
        self.page.get_by_role("button", name=name, exact=True).first.click()
        return self

    def says(self, text: str, *, note: bool = False, button: str = "") -> "Operator":
        self.page.get_by_role("radio", name="Private note" if note else "Reply").check()
        self.page.locator("textarea[name=text]").fill(text)
        return self.presses(button or ("Keep note" if note else "Send"))

    @property
    def entries(self) -> Locator:
        return self.page.locator(".talk .entry")

    @property
    def flash(self) -> Locator:
        return self.page.locator(".flash")
