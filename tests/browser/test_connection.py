from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.scripted import Scripted
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser


def test_without_a_socket_it_polls_and_says_nothing(ana: Visitor) -> None:
    ana.page.route_web_socket("**/ws?*", lambda socket: socket.close(code=1011))
    ana.write("hello").sees_state("answered")
    expect(ana.answers).to_have_count(1)
    ana.page.wait_for_timeout(3_000)
    ana.write("/help").sees_state("answered")
    expect(ana.answers).to_have_count(2)
    expect(ana.page.locator("connection-banner")).to_be_hidden()


def test_a_lost_server_is_said_with_a_countdown(ana: Visitor) -> None:
    ana.write("hello").sees_state("answered")
    scripted = Scripted(ana)
    ana.context.route("**/api/v1/**", lambda route: route.abort())
    ana.page.route_web_socket("**/ws?*", lambda socket: socket.close(code=1011))
    scripted.sockets[-1].close(code=1012)
    banner = ana.page.locator("connection-banner")
    expect(banner).to_contain_text("The server is restarting")
    expect(banner).to_contain_text("Trying again in")
    ana.box.fill("typing stays possible")
    expect(ana.box).to_have_value("typing stays possible")
    ana.context.unroute("**/api/v1/**")
    ana.page.get_by_role("button", name="Retry now").click()
    expect(banner).to_contain_text("Back online")
    expect(banner).to_be_hidden()


def test_a_restarted_server_loses_nothing(
    chromium: Browser, start_bridge: Callable[..., RunningBridge]
) -> None:
    bridge = start_bridge(CHAT_BRIDGE_WEB_WORKERS="1")
    ana = Visitor(chromium, bridge.url, {}).go()
    ana.write("first").sees_state("answered")
    bridge.stop()
    ana.write("second").sees_state("waiting", 1)
    bridge.start()
    ana.sees_state("answered", 1)
    expect(ana.messages).to_have_count(2)
    expect(ana.answers).to_have_count(2)
    assert ana.leave() == []
