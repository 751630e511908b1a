from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visitor import Visitor
from tests.patience import await_true

pytestmark = pytest.mark.browser
MESSAGES = "**/api/v1/?action=messages"
STORED_AGAIN = """(entry) => {
    const id = document.querySelector("chat-log chat-message:last-of-type").view.clientId;
    const kept = [{ ...entry, id, at: new Date().toISOString(), error: null }];
    localStorage.setItem("cb.outbox", JSON.stringify(kept));
    return kept.length;
}"""


def test_lost_ack_retry_one_bubble(ana: Visitor) -> None:
    """The server stores it, its answer is lost, the retry gets the first answer again."""
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if not lost:
            route.fetch()
            lost.append(route.request.post_data or "")
            return route.abort()
        return route.continue_()

    ana.context.route(MESSAGES, lose_the_first_answer)
    ana.write("hello").sees_state("answered")
    expect(ana.answers).to_have_count(1)
    expect(ana.messages).to_have_count(1)
    assert lost
    ana.page.reload()
    expect(ana.messages).to_have_count(1)
    expect(ana.answers).to_have_count(1)


def test_the_message_itself_is_receipt_enough(ana: Visitor) -> None:
    """Every answer to the post is lost, but the event says that the server has it."""

    def lose_every_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    ana.context.route(MESSAGES, lose_every_answer)
    ana.write("hello").sees_state("answered")
    ana.write("again").sees_state("answered")
    expect(ana.messages).to_have_count(2)
    assert ana.page.evaluate("() => localStorage.getItem('cb.outbox')") == "[]"


def test_offline_then_online_sends_once_and_in_order(ana: Visitor) -> None:
    ana.write("first").sees_state("answered")
    ana.context.set_offline(True)
    ana.write("second").write("third")
    expect(ana.messages).to_have_count(3)
    ana.sees_state("waiting for the connection", 1)
    expect(ana.page.locator("connection-banner")).to_contain_text("You are offline")
    ana.context.set_offline(False)
    ana.sees_state("answered", 2)
    texts = ana.messages.locator('[data-part="text"]')
    expect(texts).to_have_text(["first", "second", "third"])
    ana.page.reload()
    expect(texts).to_have_text(["first", "second", "third"])


def test_what_was_not_sent_survives_a_reload(ana: Visitor) -> None:
    ana.write("first").sees_state("answered")
    ana.context.route(MESSAGES, lambda route: route.abort())
    ana.write("second")
    ana.sees_state("waiting", 1)
    ana.context.unroute(MESSAGES)
    ana.page.reload()
    expect(ana.messages).to_have_count(2)
    ana.sees_state("answered", 1)


def test_a_refused_message_stays_with_retry_and_discard(ana: Visitor) -> None:
    refusal = '{"success": false, "error": "Too many words", "error_code": "bad_request"}'
    ana.context.route(MESSAGES, lambda route: route.fulfill(status=400, body=refusal))
    ana.write("hello").sees_state("Not sent: Too many words")
    expect(ana.page.locator("#alert")).to_have_text("Not sent: Too many words")
    ana.context.unroute(MESSAGES)
    ana.page.get_by_role("button", name="Retry").click()
    ana.sees_state("answered")
    expect(ana.messages).to_have_count(1)


def test_a_discarded_message_is_gone(ana: Visitor) -> None:
    refusal = '{"success": false, "error": "Too many words", "error_code": "bad_request"}'
    ana.context.route(MESSAGES, lambda route: route.fulfill(status=400, body=refusal))
    ana.write("hello").sees_state("Not sent")
    ana.page.get_by_role("button", name="Discard").click()
    expect(ana.messages).to_have_count(0)
    expect(ana.box).to_be_focused()
    ana.page.reload()
    expect(ana.messages).to_have_count(0)


def test_a_draft_survives_a_reload(ana: Visitor) -> None:
    ana.box.fill("not finished")
    ana.page.reload()
    expect(ana.box).to_have_value("not finished")


def test_agent_switch_keeps_draft(ana: Visitor) -> None:
    ana.box.fill("where is my order")
    ana.page.locator("#agents").click()
    ana.page.get_by_role("link", name="Assistant").click()
    expect(ana.page.locator("#agents")).to_contain_text("Assistant")
    expect(ana.box).to_have_value("where is my order")
    ana.go("/")
    expect(ana.page.locator("#agents")).to_contain_text("Assistant")


def test_nobody_is_answering(visit: Callable[..., Visitor]) -> None:
    ana = visit("/?agent=default&new=1")
    ana.context.route("**/api/v1/agents", lambda route: route.fulfill(json=AWAY))
    ana.page.reload()
    ana.write("hello?").sees_state("sent")
    expect(ana.page.locator(".notice")).to_be_visible()
    expect(ana.page.locator(".notice")).to_have_text(
        "Nobody is answering right now; your message is kept."
    )
    expect(ana.page.locator("#agent-state")).to_have_text("away")


AWAY = {
    "success": True,
    "data": {"agents": [{"id": 2, "slug": "default", "name": "Assistant", "status": "away"}]},
}


STORAGES = {
    "forbidden": """Object.defineProperty(window, "localStorage",
        { get() { throw new DOMException("no", "SecurityError"); } });""",
    "full": """Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError"); };""",
    "damaged": """for (const name of ["outbox", "drafts", "theme", "carried"])
        localStorage.setItem(`cb.${name}`, "{not json");""",
}


@pytest.mark.parametrize("storage", STORAGES)
def test_a_browser_that_keeps_nothing(ana: Visitor, storage: str) -> None:
    ana.context.add_init_script(STORAGES[storage])
    ana.page.reload()
    ana.write("hello").sees_state("answered")
    expect(ana.answers).to_have_count(1)
    ana.page.reload()
    expect(ana.messages).to_have_count(1)
    ana.write("again")
    expect(ana.answers).to_have_count(2)


def test_a_failure_has_the_number_that_the_server_noted(ana: Visitor) -> None:
    refusal = '{"success": false, "error": "Too many words", "error_code": "bad_request"}'
    ana.context.route(
        MESSAGES,
        lambda route: route.fulfill(status=400, body=refusal, headers={"X-Request-Id": "abc123"}),
    )
    ana.write("hello").sees_state("Not sent: Too many words")
    expect(ana.messages.locator('[data-part="request"]')).to_have_text("Request abc123")
    ana.context.unroute(MESSAGES)
    ana.page.get_by_role("button", name="Retry").click()
    ana.sees_state("answered")
    expect(ana.messages.locator('[data-part="request"]')).to_be_hidden()


def test_a_lost_opening_is_not_made_twice(ana: Visitor) -> None:
    opened: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        answer = route.fetch()
        opened.append(answer.json()["data"]["session_id"])
        return route.abort() if len(opened) == 1 else route.fulfill(response=answer)

    ana.context.route("**/api/v1/sessions", lose_the_first_answer)
    ana.write("hello").sees_state("answered")
    assert len(opened) == 2
    assert set(opened) == {ana.session_id}


def test_a_reload_before_the_conversation_is_open(ana: Visitor) -> None:
    """The page that comes sends the message, into the conversation that the other had asked for."""
    asked: list[str] = []
    address = "**/api/v1/sessions"
    ana.go("/?new=1").context.route(address, lambda route: asked.append(route.fetch().text()))
    ana.write("hello")
    expect(ana.messages).to_have_count(1)
    await_true(lambda: asked or ana.page.wait_for_timeout(50))
    ana.context.unroute(address)
    ana.page.reload()
    ana.sees_state("answered")
    expect(ana.messages).to_have_count(1)
    ana.page.reload()
    expect(ana.page.locator(".talk")).to_have_count(1)


def test_a_reload_that_overtakes_the_address(ana: Visitor) -> None:
    ana.go("/?new=1").page.evaluate("() => { history.replaceState = () => {}; }")
    ana.write("hello").sees_state("answered")
    ana.page.reload()
    expect(ana.messages).to_have_count(1)
    expect(ana.page).to_have_title("hello · Chat Bridge")
    ana.go("/?new=1")
    expect(ana.page.locator(".empty")).to_be_visible()


@pytest.mark.parametrize("opened", [True, False], ids=["a conversation", "a new chat"])
def test_what_a_closed_page_left_unsent_is_sent_by_another(ana: Visitor, opened: bool) -> None:
    ana.write("first").sees_state("answered")
    if not opened:
        ana.go("/?new=1")
    stopped = ("**/api/v1/sessions", MESSAGES)
    for address in stopped:
        ana.context.route(address, lambda route: route.abort())
    ana.write("left behind")
    ana.sees_state("waiting")
    tab = ana.new_tab()
    ana.page.close()
    for address in stopped:
        ana.context.unroute(address)
    tab.goto(ana.url + "/?new=1")
    tab.wait_for_function("() => localStorage.getItem('cb.outbox') === '[]'", timeout=15_000)
    tab.goto(ana.url)
    expect(tab.locator("chat-message").last).to_contain_text("left behind", timeout=15_000)
    expect(tab.locator("chat-message")).to_have_count(2 if opened else 1)


def test_what_history_shows_is_not_sent_again(ana: Visitor) -> None:
    """The answer to the post is still on its way, the page is loaded anew: the server has it."""
    ana.write("first").sees_state("answered")
    ana.context.route(MESSAGES, lambda route: (route.fetch(), None)[1])
    ana.write("second")
    ana.sees_state("answered")
    left = ana.page.evaluate("() => JSON.parse(localStorage.getItem('cb.outbox'))")
    entry = {"id": "0" * 32, "session_id": ana.session_id, "agent": "sheets", "state": "sending"}
    stored = ana.page.evaluate(STORED_AGAIN, {**entry, "text": "second", "attachments": []})
    assert (left, stored) == ([], 1)
    ana.page.reload()
    expect(ana.messages).to_have_count(2)
    ana.page.wait_for_function("() => localStorage.getItem('cb.outbox') === '[]'", timeout=15_000)
    expect(ana.messages).to_have_count(2)
