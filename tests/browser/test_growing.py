"""Answers that grow: one bubble, whatever happens to the page and its connection meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor
from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Answer

pytestmark = pytest.mark.browser
SAID_ALOUD = """() => {
    window.aloud = [];
    const log = document.querySelector("chat-log");
    const heard = (node) => {
        const quiet = (node.closest ? node : node.parentElement)?.closest("[aria-busy=true]");
        if (node.matches?.("chat-answer") && !quiet) aloud.push(node.textContent);
    };
    new MutationObserver((records) => records.forEach((one) => one.addedNodes.forEach(heard)))
        .observe(log, { childList: true, subtree: true });
}"""
Send = Callable[..., Answer]


@pytest.fixture
def grace(visit: Callable[..., Visitor]) -> Visitor:
    """In a conversation with the outside agent."""
    grace = visit("/?agent=default")
    grace.write("How does the engine work?").sees_state("sent")
    return grace


@pytest.fixture
def send(bridge: RunningBridge, grace: Visitor) -> Send:
    charles = caller.agent(bridge)
    session = grace.session_id

    def post(stage: str, text: str | None = None, **more: Any) -> Answer:
        body = {"session_id": session, "stream": stage, "response_id": "engine", "response": text}
        answer = charles.post("outbox", {**body, **more})
        assert answer.status == 200, answer.body
        return answer

    return post


def growing(grace: Visitor) -> Locator:
    return grace.page.locator("chat-answer[aria-busy=true]")


def test_one_bubble_grows_and_is_said_once(grace: Visitor, send: Send) -> None:
    grace.page.evaluate(SAID_ALOUD)
    send("start")
    for text in ("It is **pro", "grammed** ", "with "):
        send("delta", text)
    expect(growing(grace).locator("strong")).to_have_text("programmed")
    expect(grace.answers).to_have_count(1)
    expect(grace.page.locator("working-note")).to_be_hidden()
    send("delta", "cards.")
    send("end")
    expect(growing(grace)).to_have_count(0)
    expect(grace.answers).to_have_count(1)
    expect(grace.answers.locator(".prose")).to_have_text("It is programmed with cards.")
    aloud = grace.page.evaluate("() => aloud")
    assert len(aloud) == 1
    assert "programmed with cards." in aloud[0]


def test_a_reload_in_the_middle_goes_on(grace: Visitor, send: Send) -> None:
    send("delta", "It is **programmed**")
    expect(growing(grace)).to_contain_text("It is programmed")
    grace.page.reload()
    expect(growing(grace)).to_contain_text("It is programmed")
    send("delta", " with cards.")
    expect(growing(grace)).to_contain_text("It is programmed with cards.")
    send("end")
    expect(grace.answers).to_have_count(1)
    grace.page.reload()
    expect(grace.answers.locator(".prose")).to_have_text("It is programmed with cards.")


def test_a_lost_connection_in_the_middle_goes_on(grace: Visitor, send: Send) -> None:
    send("delta", "Nái 🧮 ")
    expect(growing(grace)).to_contain_text("Nái 🧮")
    grace.context.set_offline(True)
    send("delta", "cards ")
    grace.context.set_offline(False)
    send("delta", "turn")
    expect(growing(grace).locator(".prose")).to_have_text("Nái 🧮 cards turn")
    send("end")
    expect(grace.answers.locator(".prose")).to_have_text("Nái 🧮 cards turn")


def test_without_a_socket_it_grows_by_polling(
    visit: Callable[..., Visitor], bridge: RunningBridge
) -> None:
    kim = visit("/?agent=default")
    kim.page.route_web_socket("**/ws?*", lambda socket: socket.close(code=1011))
    kim.write("How does the engine work?").sees_state("sent")
    charles = caller.agent(bridge)
    body = {"session_id": kim.session_id, "response_id": "engine"}
    for text in ("It is ", "programmed"):
        charles.post("outbox", {**body, "stream": "delta", "response": text})
    expect(growing(kim)).to_contain_text("It is programmed")
    charles.post("outbox", {**body, "stream": "end"})
    expect(kim.answers).to_have_count(1)
    expect(growing(kim)).to_have_count(0)


def test_the_visitor_stops_it(grace: Visitor, send: Send, bridge: RunningBridge) -> None:
    waiting = caller.agent(bridge).get("inbox", peek=1).data["messages"]
    (message,) = [one["id"] for one in waiting if one["session_id"] == grace.session_id]
    send("delta", "Long ago, in a land of", message_id=message)
    growing(grace).get_by_role("button", name="Stop").click()
    expect(growing(grace)).to_have_count(0)
    expect(grace.answers).to_contain_text("Long ago, in a land of")
    expect(grace.answers).to_contain_text("incomplete")
    expect(grace.box).to_be_focused()
    grace.sees_state("answered")


def test_what_is_given_up_disappears(grace: Visitor, send: Send) -> None:
    send("start")
    expect(growing(grace)).to_have_count(1)
    send("end", incomplete=True)
    expect(grace.answers).to_have_count(0)


HOSTILE = (
    "<img src=x onerror=alert(1)> [a](javascript:alert(1)) **<script>alert(1)</script>**\n"
    '# <svg onload=alert(1)>\n> [b](https://x.example/"onmouseover=alert(1))\n```html\n<b>\n'
)


def test_markup_in_a_piece_is_text(grace: Visitor, send: Send) -> None:
    send("delta", HOSTILE)
    expect(growing(grace)).to_contain_text("<img src=x onerror=alert(1)>")
    expect(growing(grace)).to_contain_text("<script>alert(1)</script>")
    assert growing(grace).locator("img, script, svg[onload], [onmouseover]").count() == 0
    assert growing(grace).locator("a[href^=javascript]").count() == 0


def test_markdown_is_drawn_at_most_five_times_a_second(grace: Visitor, send: Send) -> None:
    send("start")
    expect(growing(grace)).to_have_count(1)
    grace.page.evaluate("""() => {
        window.drawn = 0;
        const prose = document.querySelector("chat-answer[aria-busy] .prose");
        new MutationObserver(() => { drawn += 1; }).observe(prose, { childList: true });
    }""")
    started = grace.page.evaluate("() => performance.now()")
    for number in range(40):
        send("delta", f"word{number} ")
    expect(growing(grace)).to_contain_text("word39")
    seconds = (grace.page.evaluate("() => performance.now()") - started) / 1000
    assert grace.page.evaluate("() => drawn") <= 5 * seconds + 2


def test_typing_is_shown(grace: Visitor, bridge: RunningBridge) -> None:
    body = {"session_id": grace.session_id, "seconds": 4}
    assert caller.agent(bridge).post("typing", body).status == 200
    note = grace.page.locator("working-note")
    expect(note).to_contain_text("writing")
    expect(note.filter(has_text="writing")).to_be_hidden()
