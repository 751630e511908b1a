"""How the page feels: nothing jumps while answers arrive, and a long conversation stays light."""

import json
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_long_session import FILL
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge
from tests.wire import caller

pytestmark = pytest.mark.browser
SHIFTS = """() => {
    window.shifted = [];
    new PerformanceObserver((list) => shifted.push(...list.getEntries()
        .filter((one) => !one.hadRecentInput)
        .map((one) => [one.value, one.sources.map(({ node }) => node?.className ?? "")])))
        .observe({ type: "layout-shift", buffered: false });
}"""
MANY = 2_000
LOAD_ALL = """async (most) => {
    const log = document.getElementById("log");
    const shown = () => log.querySelectorAll("chat-answer").length;
    for (const end = performance.now() + 60_000; shown() < most && performance.now() < end;) {
        log.scrollTop = 0;
        await new Promise((done) => setTimeout(done, 10));
    }
    return shown();
}"""
# The work of a frame while the log is scrolled from its end to its beginning: style, layout and
# the page's own handlers; the middle one of the best way of some, as the machine may be busy.
FRAME = """async () => {
    const log = document.getElementById("log");
    const ways = [];
    for (let way = 0; way < 12 && !ways.some((middle) => middle <= 33); way += 1) {
        const taken = [];
        log.scrollTop = log.scrollHeight;
        for (let step = 0; step < 40; step += 1) {
            await new Promise(requestAnimationFrame);
            const start = performance.now();
            log.scrollTop -= log.scrollHeight / 40;
            log.getBoundingClientRect();
            log.firstElementChild.getBoundingClientRect();
            taken.push(performance.now() - start);
        }
        ways.push(taken.sort((one, other) => one - other)[20]);
    }
    return Math.min(...ways);
}"""
GROW = """async () => {
    const log = document.getElementById("log");
    const taken = [];
    for (let turn = 0; turn < 40 && !taken.some((one) => one <= 50); turn += 1) {
        const last = [...log.querySelectorAll("chat-answer")].at(-1);
        const start = performance.now();
        last.querySelector('[data-part="prose"]').append(" and one word more");
        log.scrollTop = log.scrollHeight;
        log.getBoundingClientRect();
        taken.push(performance.now() - start);
        await new Promise(requestAnimationFrame);
    }
    return Math.min(...taken);
}"""


def test_nothing_jumps_while_answers_arrive(
    visit: Callable[..., Visitor], bridge: RunningBridge
) -> None:
    hoa = visit("/?agent=default&new=1")
    for number in range(4):
        hoa.write(f"question {number}").sees_state("sent")
        caller.agent(bridge).reply(hoa.session_id, "An answer of some length.\n\n" * 4)
        expect(hoa.answers).to_have_count(number + 1)
    hoa.page.wait_for_timeout(600)  # half a second after a key, shifts count as wanted
    hoa.page.evaluate(SHIFTS)
    agent = caller.agent(bridge)
    stream = {"session_id": hoa.session_id, "response_id": "long"}
    agent.post("outbox", {**stream, "stream": "start"})
    for number in range(12):
        said = f"Sentence {number} of an answer that grows.\n\n"
        agent.post("outbox", {**stream, "stream": "delta", "response": said})
    agent.post("outbox", {**stream, "stream": "end"})
    agent.reply(hoa.session_id, "And one more.")
    expect(hoa.answers.last).to_contain_text("And one more.")
    hoa.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert sum(value for value, _ in hoa.page.evaluate("() => shifted")) < 0.01


def test_two_thousand_messages_scroll_smoothly(ana: Visitor, bridge: RunningBridge) -> None:
    ana.go("/?agent=default&new=1").write("tell me everything").sees_state("sent")
    with sqlite3.connect(bridge.data_dir / "bridge.db", timeout=10) as database:
        database.execute(
            FILL.replace("'long_'", "'smooth_'"), {"entries": MANY, "session": ana.session_id}
        )
    database.close()
    ana.page.reload()
    expect(ana.answers.last).to_contain_text(f"answer {MANY}")
    assert ana.page.evaluate(LOAD_ALL, MANY) == MANY
    frame, grow = ana.page.evaluate(FRAME), ana.page.evaluate(GROW)
    assert frame <= 33, "thirty frames a second"
    assert grow <= 50


GROW_TO = """(many) => {
    const log = document.getElementById("log");
    const last = log.querySelector("chat-answer:last-of-type");
    for (let turn = 0; turn < many; turn += 1) last.after(last.cloneNode(true));
    document.body.getBoundingClientRect();
}"""
ONE_MORE = """() => {
    const last = document.querySelector("chat-log chat-answer");
    last.before(last.cloneNode(true));
    document.body.getBoundingClientRect();
}"""


def test_one_answer_more_is_not_styled_as_all_of_them(ana: Visitor) -> None:
    """A rule like Bootstrap's `legend + *` made the browser look at every element again."""
    ana.write("hello").sees_state("answered")
    ana.page.evaluate(GROW_TO, 200)
    everything = ana.page.evaluate("() => document.querySelectorAll('chat-log *').length")
    browser = ana.context.browser
    browser.start_tracing(page=ana.page, categories=["devtools.timeline"])
    ana.page.evaluate(ONE_MORE)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    styled = [one["args"]["elementCount"] for one in events if one["name"] == "UpdateLayoutTree"]
    assert styled
    assert sum(styled) < everything / 3
