from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
MESSAGES = "**/api/v1/?action=messages"


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
