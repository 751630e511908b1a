import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.operator import Operator, hire
from tests.browser.shop import foreign, shop, spied
from tests.browser.visitor import SPY, Visitor
from tests.servers import RunningBridge

CHROMIUM = Path("/usr/bin/chromium")
expect.set_options(timeout=30_000)  # of milliseconds; what a quiet machine does in some hundred


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists() and not os.environ.get("CI"):
        pytest.skip(f"{CHROMIUM} is not installed: no page was looked at")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, bridge: RunningBridge) -> Iterator[Callable[..., Visitor]]:
    """Opens the page as somebody with a browser of their own; whatever a page of theirs does that
    no page may do (script errors, CSP violations, foreign requests, dialogs) fails the test."""
    visitors: list[Visitor] = []

    def open_page(path: str = "/", **browser: Any) -> Visitor:
        visitor = Visitor(chromium, bridge.url, browser)
        visitors.append(visitor)
        return visitor.go(path)

    yield open_page
    faults = [fault for visitor in visitors for fault in visitor.leave()]
    assert faults == []


@pytest.fixture
def staff(chromium: Browser, bridge: RunningBridge) -> Iterator[Callable[..., Operator]]:
    """Opens the console as somebody who is signed in; held to what `visit` holds visitors to."""
    people: list[Operator] = []

    def sign_in(name: str, role: str = "operator", **browser: Any) -> Operator:
        hire(bridge, name, role)
        operator = Operator(chromium, bridge.url, browser, name)
        people.append(operator)
        return operator

    yield sign_in
    faults = [fault for operator in people for fault in operator.leave()]
    assert faults == []


@pytest.fixture
def ana(visit: Callable[..., Visitor]) -> Visitor:
    return visit()


@pytest.fixture
def enter(chromium: Browser, bridge: RunningBridge) -> Iterator[Callable[..., Page]]:
    """Opens a shop of another origin that shows the widget; held to what `visit` holds pages to."""
    faults: list[str] = []
    contexts = []
    sites = []

    def open_shop(
        attributes: str = 'data-api-key="public"', address: str = "127.0.0.2", **browser: Any
    ) -> Page:
        sites.append(shop(bridge, attributes, address))
        home = sites[-1].__enter__()
        context = chromium.new_context(**browser)
        contexts.append(context)
        context.add_init_script(SPY)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append("a dialog"), dialog.dismiss()))
        page.on("request", lambda request: faults.extend(foreign(request.url, (home, bridge.url))))
        page.goto(home)
        page.wait_for_function("() => document.querySelector('#sanctum-chat-button')")
        return page

    yield open_shop
    for context in contexts:
        faults += [fault for page in context.pages for fault in spied(page)]
        context.close()
    for site in sites:
        site.__exit__(None, None, None)
    assert faults == []
