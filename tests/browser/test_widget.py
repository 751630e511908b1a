"""The widget on a page of another origin, whose own policy is strict."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.shop import inside, opened, session_of, write
from tests.browser.test_growing import HOSTILE
from tests.browser.visitor import SPY
from tests.servers import RunningBridge
from tests.wire import caller

pytestmark = pytest.mark.browser
BOLD = "<b onclick=alert(1)>"


@pytest.fixture
def page(enter: Callable[..., Page]) -> Page:
    return enter()


def test_a_visitor_of_another_site_gets_an_answer(page: Page, bridge: RunningBridge) -> None:
    page.evaluate("""() => {
        window.heard = [];
        for (const type of ["open", "close", "message"]) {
            SanctumChat.on(type, (detail) => heard.push([type, detail ?? null]));
        }
    }""")
    opened(page)
    write(page, "Is the engine in stock?")
    session = session_of(bridge, "Is the engine in stock?")
    assert caller.agent(bridge).reply(session, "Three **left**").status == 200
    expect(inside(page).locator("chat-answer strong")).to_have_text("left")
    page.wait_for_function("() => heard.length >= 3")
    assert page.evaluate("() => heard") == [
        ["open", None],
        ["message", {"message": "Is the engine in stock?", "type": "user"}],
        ["message", {"message": "Three **left**", "type": "bot"}],
    ]
    stranger = caller.visitor(bridge).get("responses", session_id=session)
    assert stranger.status == 401


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2"])
def test_a_reload_goes_on_in_the_same_conversation(
    enter: Callable[..., Page], address: str
) -> None:
    """Also in a frame of another site, which this browser gives no storage but a cookie of the
    two sites together."""
    page = enter(address=address)
    opened(page)
    write(page, "Remember me")
    page.reload()
    opened(page)
    expect(inside(page).locator("chat-message")).to_contain_text("Remember me")
    page.evaluate("() => SanctumChat.clearChat()")
    expect(inside(page).locator("chat-message")).to_have_count(0)
    page.reload()
    opened(page)
    expect(inside(page).locator("chat-message")).to_have_count(0)


def test_what_is_remembered_is_of_one_site_and_never_sent_to_the_api(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.headers.get("cookie", "")))
    opened(page)
    write(page, "Remember me")
    (kept,) = page.context.cookies()
    assert (kept["path"], kept["secure"], kept["sameSite"]) == ("/widget", True, "None")
    assert kept["partitionKey"] == "http://127.0.0.2"
    write(page, "and me")
    assert set(sent) == {""}


def test_no_cookie_and_no_key_is_needed(page: Page, bridge: RunningBridge) -> None:
    sent: list[dict[str, str]] = []
    page.on("request", lambda request: sent.append(request.headers))
    refused = (
        "() => Object.defineProperty(Document.prototype, 'cookie', { set() {}, get: () => '' })"
    )
    page.context.add_init_script(f"({refused})()")
    page.reload()
    opened(page)
    write(page, "Without a cookie")
    assert page.context.cookies() == []
    assert not any("authorization" in headers for headers in sent)
    assert page.evaluate("() => JSON.stringify([localStorage, sessionStorage])") == "[{},{}]"


def test_by_keyboard(page: Page) -> None:
    button = page.locator("#sanctum-chat-button")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(inside(page).locator("#message")).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.locator("#sanctum-chat-window")).to_be_hidden()


def test_the_globals_do_what_they_say(page: Page) -> None:
    names = page.evaluate("() => Object.keys(SanctumChat).sort()")
    assert names == [
        "clearChat", "close", "destroy", "getConfig", "getState", "init", "off", "on", "open",
        "sendMessage", "simulateTyping", "toggle", "updateConfig",
    ]  # fmt: skip
    page.evaluate("() => SanctumChat.sendMessage('From the page')")
    page.evaluate("() => SanctumChat.open()")
    expect(inside(page).locator("chat-message")).to_contain_text("From the page")
    page.evaluate("() => SanctumChat.simulateTyping()")
    expect(inside(page).locator("working-note")).to_contain_text("writing")
    page.evaluate("""() => SanctumChat.updateConfig(
        { title: "Ask Ada", position: "top-left", theme: "dark", primaryColor: "red;--x:1" })""")
    expect(inside(page).locator("#title")).to_have_text("Ask Ada")
    expect(inside(page).locator("html")).to_have_attribute("data-bs-theme", "dark")
    box = page.locator("#sanctum-chat-button").bounding_box()
    assert box is not None
    assert (box["x"], box["y"]) == (20, 20)
    assert page.evaluate("() => SanctumChat.getConfig().language") == "en"
    assert page.evaluate("() => SanctumChat.getState().isOpen") is True
    page.evaluate("() => SanctumChat.clearChat()")
    expect(inside(page).locator("chat-message")).to_have_count(0)
    page.evaluate("() => SanctumChat.destroy()")
    expect(page.locator("[id^=sanctum-chat]")).to_have_count(0)
    refusal = "() => { try { SanctumChat.init({}) } catch (error) { return error.message } }"
    assert page.evaluate(refusal) == "API key is required"


def test_an_answer_while_it_is_closed_is_counted(page: Page, bridge: RunningBridge) -> None:
    opened(page)
    write(page, "Tell me later")
    page.keyboard.press("Escape")
    caller.agent(bridge).reply(session_of(bridge, "Tell me later"), "Now")
    expect(page.locator("#sanctum-chat-badge")).to_have_text("1")
    expect(page.get_by_role("button", name="Chat with us (1)")).to_be_visible()


def test_other_origins_are_not_listened_to(page: Page) -> None:
    opened(page)
    page.evaluate("""() => {
        window.heard = 0;
        SanctumChat.on("message", () => { heard += 1; });
        const from = (source) => dispatchEvent(new MessageEvent("message", {
            data: { chatBridge: "message", message: "x", type: "bot" }, origin: "https://evil.example",
            source,
        }));
        from(document.querySelector("#sanctum-chat-frame").contentWindow);
        postMessage({ chatBridge: "message", message: "x", type: "bot" }, "*");
    }""")
    frame = page.frames[-1]
    frame.evaluate("""() => {
        const data = { chatBridge: "send", text: "forged" };
        const origin = "https://evil.example";
        dispatchEvent(new MessageEvent("message", { data, origin, source: parent }));
        postMessage(data, "*");
    }""")
    page.evaluate("() => SanctumChat.sendMessage('honest')")
    expect(inside(page).locator("chat-message")).to_have_count(1)
    expect(inside(page).locator("chat-message")).to_contain_text("honest")
    page.wait_for_function("() => heard === 1")


def test_a_frame_opened_for_another_origin_is_mute(page: Page, bridge: RunningBridge) -> None:
    page.evaluate("""(url) => {
        const frame = document.body.appendChild(document.createElement("iframe"));
        frame.src = `${url}/widget/frame?origin=https://evil.example`;
        frame.id = "other";
        window.leaked = [];
        addEventListener("message", (event) => leaked.push(event.data));
    }""", bridge.url)  # fmt: skip
    other = page.frame_locator("#other")
    expect(other.locator("chat-composer:defined")).to_be_visible()
    other.locator("#message").fill("to nobody but the bridge")
    other.locator("#message").press("Enter")
    expect(other.locator("chat-message")).to_have_count(1)
    assert page.evaluate("() => leaked") == []


def test_markup_in_an_answer_is_text(page: Page, bridge: RunningBridge) -> None:
    opened(page)
    write(page, BOLD)
    session = session_of(bridge, BOLD)
    caller.agent(bridge).reply(session, HOSTILE)
    expect(inside(page).locator("chat-answer")).to_contain_text("<img src=x onerror=alert(1)>")
    assert inside(page).locator("chat-log img, chat-log script").count() == 0


def test_a_phone_is_filled(enter: Callable[..., Page]) -> None:
    page = enter(viewport={"width": 360, "height": 640})
    opened(page)
    box = page.locator("#sanctum-chat-window").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 640}
    inside(page).get_by_role("button", name="Close the chat").click()
    expect(page.locator("#sanctum-chat-button")).to_be_focused()


def test_options_of_the_script(enter: Callable[..., Page]) -> None:
    page = enter('data-api-key="x" data-theme="dark" data-title="Ask Ada" data-auto-open="true"')
    expect(inside(page).locator("#title")).to_have_text("Ask Ada")
    expect(inside(page).locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_site_that_is_not_listed_may_not_show_it(
    enter: Callable[..., Page], bridge: RunningBridge, start_bridge: Callable[..., RunningBridge]
) -> None:
    other = start_bridge(CHAT_BRIDGE_CORS_ORIGINS="https://shop.example")
    shown = caller.visitor(other).call("GET", "/widget/frame")
    policy = shown.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://shop.example" in policy
    assert '"parents": ["https://shop.example"]' in shown.body.decode()


def test_the_demo(chromium: Browser, bridge: RunningBridge) -> None:
    page = chromium.new_page()
    page.add_init_script(SPY)
    page.goto(f"{bridge.url}/widget/demo")
    page.get_by_role("button", name="Open or close").click()
    expect(inside(page).locator("#message")).to_be_focused()
    expect(page.locator("#events")).to_have_text("open")
    assert page.evaluate("() => spied") == []
    page.close()
