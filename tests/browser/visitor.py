"""A person in front of the chat page."""

from typing import Any

from playwright.sync_api import Browser, Locator, expect

SPY = """
window.spied = [];
document.addEventListener("securitypolicyviolation",
    (event) => spied.push(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
"""
WIDE = {"width": 1280, "height": 800}
CUSTOMERS = b"name,email,city\nAna,ANA@Example.com,Recife\nZoe,zoe@example.de,Berlin\n"


class Visitor:
    def __init__(self, chromium: Browser, url: str, browser: dict[str, Any]) -> None:
        self.url = url
        self.faults: list[str] = []
        self.context = chromium.new_context(**{"viewport": WIDE, **browser})
        self.context.add_init_script(SPY)
        self.page = self.new_tab()

    def new_tab(self) -> Any:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", lambda request: self._requested(request.url))
        page.on("dialog", lambda dialog: (self.faults.append("a dialog opened"), dialog.dismiss()))
        page.on("console", self._logged)
        return page

    def _logged(self, message: Any) -> None:
        """Refused requests and broken sockets are what many tests are about."""
        wanted = ("Failed to load resource", "WebSocket connection")
        if message.type == "error" and not message.text.startswith(wanted):
            self.faults.append(f"console: {message.text}")

    def _requested(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:", self.url.replace("http", "ws"))):
            self.faults.append(f"foreign request: {url}")

    def go(self, path: str = "/") -> "Visitor":
        self.page.goto(self.url + path)
        expect(self.box).to_be_visible()
        return self

    def leave(self) -> list[str]:
        for page in self.context.pages:
            self.faults += page.evaluate("() => window.spied ?? []")
        self.context.close()
        return self.faults

    @property
    def box(self) -> Locator:
        return self.page.locator("#message")

    @property
    def messages(self) -> Locator:
        return self.page.locator("chat-log chat-message")

    @property
    def answers(self) -> Locator:
        return self.page.locator("chat-log chat-answer")

    @property
    def cards(self) -> Locator:
        return self.page.locator("chat-log job-card")

    @property
    def chips(self) -> Locator:
        return self.page.locator("upload-tray upload-chip")

    @property
    def options(self) -> Locator:
        return self.page.get_by_role("option")

    @property
    def session_id(self) -> str:
        return str(self.page.evaluate("() => new URLSearchParams(location.search).get('session')"))

    def write(self, text: str) -> "Visitor":
        self.box.fill(text)
        self.page.keyboard.press("Enter")
        return self

    def attach(self, name: str = "customers.csv", content: bytes = CUSTOMERS) -> "Visitor":
        file = {"name": name, "mimeType": "text/csv", "buffer": content}
        self.page.set_input_files("input[type=file]", [file])
        return self

    def attached(self, name: str = "customers.csv") -> "Visitor":
        chip = self.chips.filter(has_text=name)
        expect(chip).to_have_attribute("data-state", "done")
        return self

    def sees_state(self, word: str, message: int = -1) -> "Visitor":
        state = self.messages.nth(message).locator('[data-part="state"]')
        expect(state).to_contain_text(word)
        return self
