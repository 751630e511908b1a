import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.operator import Operator, hire
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

CHROMIUM = Path("/usr/bin/chromium")


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
