"""People who sign in at the chat page, in a real browser and on a real server."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests import people
from tests.browser.looks.looking import drawn
from tests.browser.scripted import Scripted, answer
from tests.browser.test_look import accessible, fault_free
from tests.browser.visitor import Visitor
from tests.people import PASSWORD
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    """Guests may write two messages."""
    settings = {
        "CHAT_BRIDGE_RATE_LIMITS": "off", "CHAT_BRIDGE_SIGN_IN": "required",
        "CHAT_BRIDGE_GUEST_MESSAGE_LIMIT": "2",
    }  # fmt: skip
    running = RunningBridge(tmp_path_factory.mktemp("accounts"), settings).start()
    people.add(running, "grace")
    people.add(running, "olga", "operator")
    yield running
    running.stop()


def fill_in(page: Page, name: str = "grace") -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_in(visitor: Visitor, name: str = "grace") -> Visitor:
    visitor.page.goto(visitor.url + "/login")
    fill_in(visitor.page, name)
    expect(visitor.box).to_be_visible()
    return visitor


def note(visitor: Visitor) -> Any:
    return visitor.page.locator("sign-in-note")


def test_guest_signs_in_keeps_session(
    visit: Callable[..., Visitor], bridge: RunningBridge, tmp_path: Path
) -> None:
    guest = visit()
    guest.write("/help").sees_state("answered")
    guest.write("/help convert").sees_state("answered")
    expect(note(guest)).to_contain_text("Guests may write 2 messages")
    guest.write("one too many")
    expect(guest.box).to_have_value("one too many")
    expect(guest.messages).to_have_count(2)
    accessible(guest.page)
    drawn(guest.page, "guest-limit", tmp_path)
    session = guest.session_id
    note(guest).get_by_role("link", name="Sign in").click()
    fill_in(guest.page)
    expect(guest.box).to_have_value("one too many")
    assert guest.session_id == session
    expect(guest.messages).to_have_count(2)
    guest.page.keyboard.press("Enter")
    guest.sees_state("answered")
    elsewhere = sign_in(visit())
    expect(elsewhere.messages).to_have_count(3)
    expect(elsewhere.page.locator("#me")).to_be_visible()


def test_logout_everywhere_closes_ws(visit: Callable[..., Visitor]) -> None:
    """In each tab of another browser, at once; nothing is asked for again with the old sign-in."""
    here, there = sign_in(visit()), sign_in(visit(), "grace")
    other = there.new_tab()
    sockets = []
    for tab in (there.page, other):
        tab.on("websocket", lambda socket: sockets.append(socket))
        tab.goto(there.url + "/?new=1")
    there.write("/help").sees_state("answered")
    other.goto(there.page.url)
    expect(other.locator("chat-log chat-message")).to_have_count(1)
    there.box.fill("a draft that must not get lost")
    open_ones = [socket for socket in sockets if not socket.is_closed()]
    assert len(open_ones) >= 2
    here.page.goto(here.url + "/account")
    here.page.get_by_role("button", name="Sign out everywhere").click()
    expect(here.page).to_have_url(here.url + "/login")
    for tab in (there.page, other):
        words = tab.locator("sign-in-note")
        expect(words).to_contain_text("Your sign-in has expired", timeout=15_000)
    while not all(socket.is_closed() for socket in open_ones):
        there.page.wait_for_timeout(20)
    status = there.page.evaluate("async () => (await fetch('/api/agents')).status")
    assert status == 401
    accessible(there.page)
    note(there).get_by_role("link", name="Sign in").click()
    fill_in(there.page)
    expect(there.box).to_have_value("a draft that must not get lost")


def test_a_page_without_a_socket_is_told_too(visit: Callable[..., Visitor]) -> None:
    """Where a proxy lets no socket through, the poll that waits ends with the sign-in."""
    here, there = sign_in(visit()), visit()
    there.context.route_web_socket("**/ws*", lambda socket: socket.close())
    sign_in(there)
    there.page.goto(there.url + "/?new=1")
    with there.page.expect_request(lambda request: "wait=" in request.url):
        there.write("/help").sees_state("answered")
    here.page.goto(here.url + "/account")
    here.page.get_by_role("button", name="Sign out everywhere").click()
    expect(note(there)).to_contain_text("Your sign-in has expired", timeout=15_000)


@pytest.mark.parametrize("way", ["menu", "everywhere"])
def test_signing_out_leaves_no_words_to_the_next_person(
    visit: Callable[..., Visitor], way: str
) -> None:
    ana = sign_in(visit())
    ana.page.evaluate("() => localStorage.setItem('cb.theme', 'dark')")
    ana.page.goto(ana.url + "/?new=1")
    ana.write("/help").sees_state("answered")
    ana.box.fill("something private")
    if way == "menu":
        ana.page.get_by_role("button", name="Your account, grace").click()
        ana.page.get_by_role("button", name="Sign out").click()
    else:
        ana.page.goto(ana.url + "/account")
        ana.page.get_by_role("button", name="Sign out everywhere").click()
    expect(ana.page).to_have_url(ana.url + "/login")
    kept = ana.page.evaluate("() => ({ ...localStorage })")
    assert kept == {"cb.theme": "dark"}


def test_session_expiry_keeps_draft(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    ana = sign_in(visit())
    ana.page.goto(ana.url + "/?new=1")
    ana.write("/help").sees_state("answered")
    session = ana.session_id
    ana.context.clear_cookies(name="cb_login")
    ana.write("written too late")
    expect(note(ana)).to_contain_text("Your sign-in has expired")
    expect(ana.box).to_have_value("written too late")
    drawn(ana.page, "expired", tmp_path)
    ana.page.reload()
    expect(ana.page.get_by_role("heading", name="Sign in")).to_be_visible()
    fill_in(ana.page)
    assert ana.session_id == session
    expect(ana.box).to_have_value("written too late")


def test_the_menu_leads_to_account_console_and_out(visit: Callable[..., Visitor]) -> None:
    olga = sign_in(visit(), "olga")
    menu = olga.page.get_by_role("button", name="Your account, olga")
    menu.click()
    expect(olga.page.get_by_role("link", name="Console")).to_be_visible()
    accessible(olga.page)
    olga.page.get_by_role("button", name="Sign out").click()
    expect(olga.page).to_have_url(olga.url + "/login")
    olga.page.goto(olga.url + "/")
    expect(olga.page.get_by_role("link", name="Sign in")).to_be_visible()
    expect(olga.messages).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
def test_the_pages_for_people_are_accessible(
    visit: Callable[..., Visitor], scheme: str, viewport: dict[str, int]
) -> None:
    with ExitStack() as _:
        ana = visit(color_scheme=scheme, viewport=viewport)
        fault_free(ana.page)
        ana.page.goto(ana.url + "/login")
        fault_free(ana.page)
        ana.page.get_by_label("User name").fill("nobody")
        ana.page.get_by_label("Password", exact=True).fill("wrong")
        ana.page.get_by_role("button", name="Sign in").click()
        expect(ana.page.get_by_role("alert")).to_have_text("Invalid username or password")
        fault_free(ana.page)
        fill_in(ana.page)
        expect(ana.box).to_be_visible()
        fault_free(ana.page)
        ana.page.goto(ana.url + "/account")
        fault_free(ana.page)
        ana.page.evaluate("() => { location.href = '/logout'; }")
        expect(ana.page.get_by_role("heading", name="Sign out?")).to_be_visible()
        fault_free(ana.page)


def test_forms_work_without_javascript(chromium: Browser, bridge: RunningBridge) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(bridge.url + "/login?next=/account")
    fill_in(page)
    expect(page).to_have_url(bridge.url + "/account")
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    expect(page).to_have_url(bridge.url + "/login")
    context.close()


def refusing(status: int, code: str, times: int) -> Callable[[Route], None]:
    """Answers the first sends with an error, then lets them through."""
    left = [times]

    def answered(route: Route) -> None:
        if left[0] == 0:
            return route.continue_()
        left[0] -= 1
        body = {"success": False, "error": "The message is not valid.", "error_code": code,
                "retry_after": 2}  # fmt: skip
        route.fulfill(status=status, body=json.dumps(body), content_type="application/json")

    return answered


def test_too_many_at_once_wait_with_a_countdown(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    ana = visit()
    ana.page.route("**/api/v1/?action=messages", refusing(429, "rate_limited", 1))
    ana.write("/help")
    banner = ana.page.locator("connection-banner")
    expect(banner).to_contain_text("Your message is kept")
    expect(banner).to_contain_text("Trying again in")
    drawn(ana.page, "limited", tmp_path)
    accessible(ana.page)
    ana.sees_state("answered")
    expect(banner).to_be_hidden()


def test_what_the_server_refuses_goes_back_into_the_box(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    ana = visit()
    ana.page.route("**/api/v1/?action=messages", refusing(400, "invalid_message", 1))
    ana.write("/help")
    expect(ana.page.locator("#message-fault")).to_have_text("The message is not valid.")
    expect(ana.box).to_have_value("/help")
    expect(ana.box).to_have_attribute("aria-invalid", "true")
    drawn(ana.page, "invalid", tmp_path)
    expect(ana.messages).to_have_count(0)
    accessible(ana.page)
    ana.box.fill("/help convert")
    expect(ana.page.locator("#message-fault")).to_be_hidden()


def test_an_agent_is_connected_to_and_waited_for(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    ana = visit()
    ana.page.route("**/?agent=default", lambda route: route.fulfill(status=204))
    ana.page.locator("#agents").click()
    ana.page.locator('[data-agent="default"]').click(no_wait_after=True)
    expect(ana.page.locator("#agent-state")).to_have_text("connecting …")
    drawn(ana.page, "connecting", tmp_path)
    accessible(ana.page)


def test_a_tools_words_are_a_bubble_of_their_own(visit: Callable[..., Visitor]) -> None:
    ana = visit(permissions=["clipboard-read", "clipboard-write"])
    ana.write("/help").sees_state("answered")
    said = "rows:  42\n  total <b>7</b>"
    tool = answer(said, id=1_000_020, kind="tool", metadata={"tool": "count_rows"})
    Scripted(ana).tell("response.created", response=tool)
    bubble = ana.answers.filter(has_text="count_rows")
    assert bubble.locator("pre").text_content() == said
    bubble.get_by_role("button", name="Copy all").click()
    expect(bubble.get_by_role("button", name="Copied")).to_be_visible()
    assert ana.page.evaluate("() => navigator.clipboard.readText()") == said
    ana.page.evaluate("() => Object.defineProperty(navigator, 'share', { value: undefined })")
    own = ana.messages.first
    own.get_by_role("button", name="Share").click()
    expect(own.get_by_role("button", name="Copied")).to_be_visible()
    shared = ana.page.evaluate("() => navigator.clipboard.readText()")
    assert shared.startswith("/help\nhttp://127.0.0.1")
    fault_free(ana.page)
