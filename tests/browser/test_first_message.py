import pytest
from playwright.sync_api import Route, expect

from chat_bridge.client import Client
from tests.browser.visitor import Visitor
from tests.patience import await_true
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser

ECHO = """async () => {
  const box = document.getElementById("message");
  box.value = "hello";
  const before = performance.now();
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  await new Promise(requestAnimationFrame);
  const bubble = document.querySelector("chat-log chat-message [data-part=text]");
  return { text: bubble?.textContent, took: performance.now() - before, box: box.value };
}"""


def test_first_message(ana: Visitor) -> None:
    expect(ana.page.locator(".empty")).to_be_visible()
    ana.write("hello")
    expect(ana.messages).to_have_count(1)
    expect(ana.answers).to_have_count(1)
    ana.sees_state("answered")
    expect(ana.box).to_have_value("")
    expect(ana.box).to_be_focused()
    expect(ana.page.locator(".empty")).to_be_hidden()
    expect(ana.page).to_have_title("hello · Chat Bridge")
    assert ana.session_id.startswith("session_")


def test_an_answer_that_history_brings_stands_below_its_message(ana: Visitor) -> None:
    """Writing opens the session, whose history may come only after the worker has answered."""
    ana.page.evaluate("() => { document.hasFocus = () => false; }")

    def after_the_answer(route: Route) -> None:
        await_true(lambda: '"response"' in route.fetch().text())
        route.continue_()

    ana.page.route("**/messages?*", after_the_answer)
    ana.write("hello")
    shown = ana.page.locator("chat-log").locator("chat-message, chat-answer")
    expect(shown).to_have_count(2)
    expect(shown.first).to_contain_text("hello")
    ana.sees_state("answered")
    expect(ana.page).to_have_title("(1) hello · Chat Bridge")


def test_own_words_appear_at_once(ana: Visitor) -> None:
    ana.context.route("**/api/v1/sessions", lambda route: None)
    assert any(said_after(ana) < 50 for _ in range(5)), "no busy machine, but a slow page"


def said_after(visitor: Visitor) -> float:
    """Milliseconds from the key to the next frame, in which the words are there."""
    shown = visitor.go("/?new=1").page.evaluate(ECHO)
    assert (shown["text"], shown["box"]) == ("hello", "")
    return float(shown["took"])


def test_nothing_turns_below_a_message_that_nobody_works_on(ana: Visitor) -> None:
    ana.write("/help").sees_state("answered")
    icons = ana.page.locator(".said .foot .icon")
    expect(icons.first).to_be_attached()
    turning = "(found) => found.map((icon) => getComputedStyle(icon).animationName)"
    assert set(icons.evaluate_all(turning)) == {"none"}


def test_a_message_walks_through_its_states(visit, bridge: RunningBridge) -> None:
    ana = visit("/?agent=default&new=1").write("Where is order 48-113?").sees_state("sent")
    with Client(bridge.url, bridge.agent_key) as agent:
        mine = [m for m in agent.inbox(lease=30) if m.session_id == ana.session_id]
        ana.sees_state("delivered")
        expect(ana.page.locator("working-note")).to_be_visible()
        agent.reply(mine[0], "On its way: **tomorrow**.")
    expect(ana.answers).to_have_count(1)
    expect(ana.answers.locator("strong")).to_have_text("tomorrow")
    expect(ana.page.locator("working-note")).to_be_hidden()
    ana.sees_state("answered")


def test_starters_fill_the_box_or_run(ana: Visitor) -> None:
    ana.page.get_by_role("button", name="Find rows").click()
    expect(ana.box).to_have_value("/search city=Berlin amount>100")
    ana.page.get_by_role("button", name="Show every command").click()
    expect(ana.answers).to_have_count(1)


def test_arrow_up_brings_the_last_message_back(ana: Visitor) -> None:
    ana.write("/help").sees_state("answered")
    ana.box.press("ArrowUp")
    expect(ana.box).to_have_value("/help")


def test_answers_in_a_hidden_window_are_counted_in_its_title(ana: Visitor) -> None:
    ana.page.evaluate("() => { document.hasFocus = () => false; }")
    ana.write("hello")
    expect(ana.page).to_have_title("(1) hello · Chat Bridge")
    ana.page.evaluate("() => { dispatchEvent(new Event('focus')); }")
    expect(ana.page).to_have_title("hello · Chat Bridge")
