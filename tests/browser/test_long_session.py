"""A conversation of ten thousand entries: the page loads its end, and pages on demand."""

import json
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor
from tests.servers import RunningBridge
from tests.wire import caller

pytestmark = pytest.mark.browser
ENTRIES = 10_000
PAGES_UP = 5
FILL = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :entries),
stamps AS (SELECT i, strftime('%Y-%m-%dT%H:%M:%f', 'now', '-' || ((:entries - i + 60000) / 1000.0)
    || ' seconds') || 'Z' AS at FROM n)
INSERT INTO web_chat_responses
    (session_id, response_id, response, response_data, timestamp, stamped_at)
SELECT :session, 'long_' || i, 'answer ' || i, 'answer ' || i, at, at FROM stamps
"""
# From the key to the words on the page, laid out; the best of some, as the machine may be busy.
ECHO = """async () => {
    const box = document.getElementById("message");
    const taken = [];
    for (let turn = 0; turn < 25 && !taken.some((one) => one <= 50); turn += 1) {
        const words = `echo ${turn}`;
        box.value = words;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        const start = performance.now();
        box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
        const shown = () => [...document.querySelectorAll("chat-message")].at(-1)?.textContent.includes(words);
        while (!shown() && performance.now() - start < 2_000) await new Promise((done) => setTimeout(done));
        document.getElementById("log").getBoundingClientRect();
        taken.push(performance.now() - start);
    }
    return Math.min(...taken);
}"""  # noqa: E501 - a script of the page's


def scroll_up(page: Page) -> None:
    page.evaluate("() => { document.getElementById('log').scrollTop = 0; }")


def test_long_session_10k(visit: Callable[..., Visitor], bridge: RunningBridge) -> None:
    ana = visit("/?agent=default&new=1").write("tell me everything").sees_state("sent")
    with sqlite3.connect(bridge.data_dir / "bridge.db", timeout=10) as database:
        database.execute(FILL, {"entries": ENTRIES, "session": ana.session_id})
    database.close()
    ana.page.reload()
    expect(ana.answers.last).to_contain_text(f"answer {ENTRIES}")
    assert ana.answers.count() <= 60, "the whole conversation was loaded"
    for _ in range(PAGES_UP):
        known = ana.answers.count()
        scroll_up(ana.page)
        expect(ana.answers).to_have_count(known + 50)
    first = int(ana.answers.first.locator(".prose").inner_text().split()[-1])
    shown = [text.split()[-1] for text in ana.answers.locator(".prose").all_inner_texts()]
    assert shown == [str(number) for number in range(first, ENTRIES + 1)]
    assert ana.page.evaluate(ECHO) <= 50
    assert caller.agent(bridge).reply(ana.session_id, "and that was all").status == 200
    expect(ana.answers.last).to_contain_text("and that was all")


def test_an_export_is_the_conversation(ana: Visitor) -> None:
    """What is saved holds what the page shows, and opens by itself without a script."""
    ana.attach().attached().write("/extract columns=name").sees_state("answered")
    ana.write("thank **you**").sees_state("answered")
    saved = {}
    for name in ("JSON", "HTML", "Markdown"):
        ana.page.get_by_role("button", name="Conversation menu").click()
        with ana.page.expect_download() as download:
            ana.page.get_by_role("link", name=f"Save as {name}").click()
        saved[name] = download.value.path().read_text()
    mine = ana.messages.locator('[data-part="text"]').all_inner_texts()
    answers = [text.split("\n")[0] for text in ana.answers.locator(".prose").all_inner_texts()]
    kept = json.dumps(json.loads(saved["JSON"]), ensure_ascii=False)
    for text in (*mine, *answers, "customers.csv"):
        assert text in kept
        assert text in saved["Markdown"]
    tab = ana.context.new_page()
    tab.set_content(saved["HTML"])
    for text in (*mine, *answers, "customers.csv"):
        expect(tab.locator("body")).to_contain_text(text)
    assert tab.locator("script").count() == 0
