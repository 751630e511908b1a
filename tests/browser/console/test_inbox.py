"""The operators' inbox in a real browser, with visitors and agents at the other end."""

import json
import re
import secrets
import urllib.request
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.operator import Operator
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser
NUMBERS = count()
MARK = secrets.token_hex(4)  # other tests leave conversations behind: ours are found by it
MINE = f"/admin/inbox?tab=all&q={MARK}"
SECRET = "the carrier lost the label"


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    """Somebody who has written to the outside agent, and waits."""
    hoa = visit("/?agent=default")
    hoa.write(f"Where is order {next(NUMBERS)} of {MARK}?")
    hoa.sees_state("sent")
    return hoa


def asked(bridge: RunningBridge, path: str, body: dict[str, Any] | None = None) -> Any:
    """What an agent with every scope is told."""
    headers = {"Authorization": f"Bearer {bridge.agent_key}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(bridge.url + path, data, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["data"]


def streamed(visitor: Visitor, session: str) -> str:
    """What a stream from the beginning on brings, until a second after the public answer."""
    script = """async (url) => {
        const stop = new AbortController();
        const headers = { Accept: "text/event-stream" };
        const answer = await fetch(url, { headers, signal: stop.signal });
        let read = "";
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        try {
            for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
                read += piece.value;
                if (read.includes("It leaves today.")) setTimeout(() => stop.abort(), 1000);
            }
        } catch { return read }
        return read;
    }"""
    url = f"/api/v1/?action=events&session_id={session}&cursor=0"
    read = str(visitor.page.evaluate(script, url))
    assert "It leaves today." in read
    return read


def test_operator_claim_race_two_browsers(
    staff: Callable[..., Operator], visitor: Visitor, bridge: RunningBridge
) -> None:
    """Ben's page hears of nothing, so his claim comes after Ana's without his knowing."""
    ana, ben, eve = staff("ana"), staff("ben"), staff("eve")
    ben.page.route_web_socket("**/ws*", lambda socket: None)
    for one in (ana, ben, eve):
        one.opens(visitor.session_id)
    ana.presses("Claim")
    expect(ana.flash).to_contain_text("The conversation is yours")
    ben.presses("Claim")
    expect(ben.page.get_by_role("alert").first).to_contain_text("Taken by ana")
    for one in (ben, eve):
        expect(one.page.get_by_text("taken by ana").first).to_be_visible()
        expect(one.page.get_by_role("button", name="Claim", exact=True)).to_have_count(0)
    waiting = asked(bridge, "/api/v1/?action=inbox&limit=100&lease=1")
    assert visitor.session_id not in json.dumps(waiting)


def test_two_claims_at_one_moment_have_one_winner(
    staff: Callable[..., Operator], visit: Callable[..., Visitor]
) -> None:
    """Both press at the same instant, each in a browser of their own that hears of nothing, three
    times."""
    ana, ben = staff("ana"), staff("ben")
    for one in (ana, ben):
        one.page.route_web_socket("**/ws*", lambda socket: None)
    for _ in range(3):
        hoa = visit("/?agent=default")
        hoa.write(f"Whose is {next(NUMBERS)} of {MARK}?").sees_state("sent")
        for one in (ana, ben):
            one.opens(hoa.session_id)
        moment = ana.page.evaluate("() => Date.now() + 700")
        for one in (ana, ben):
            button = one.page.get_by_role("button", name="Claim", exact=True).first
            button.evaluate(
                "(it, at) => void setTimeout(() => it.click(), at - Date.now())", moment
            )
        outcome = re.compile("is yours|Taken by")
        said = [
            one.page.locator(".flash, [role=alert]").filter(has_text=outcome)
            for one in (ana, ben)
        ]  # fmt: skip
        for words in said:
            expect(words.first).to_be_visible()
        won = ["yours" in words.first.inner_text() for words in said]
        assert sorted(won) == [False, True]
        winner, loser = (ana, ben) if won[0] else (ben, ana)
        expect(loser.page.get_by_text(f"taken by {winner.name}").first).to_be_visible()
        winner.says("It is mine.")
        expect(hoa.answers.last).to_contain_text("It is mine.")


def test_operator_reply_reaches_visitor(staff: Callable[..., Operator], visitor: Visitor) -> None:
    ana = staff("ana").opens(visitor.session_id)
    ana.says("It leaves today.")
    expect(ana.flash).to_contain_text("Answered")
    expect(visitor.answers.last).to_contain_text("It leaves today.")
    visitor.sees_state("answered")
    expect(ana.entries.last).to_contain_text("It leaves today.")
    visitor.write("Thank you!")
    expect(ana.entries.last).to_contain_text("Thank you!")
    ana.says("You are welcome.", button="Send and resolve")
    expect(ana.flash).to_contain_text("Answered and resolved")
    expect(visitor.answers.last).to_contain_text("You are welcome.")


def test_private_note_never_reaches_visitor(
    staff: Callable[..., Operator], visitor: Visitor, bridge: RunningBridge
) -> None:
    session = visitor.session_id
    heard: list[str] = []
    visitor.page.on("websocket", lambda ws: ws.on("framereceived", lambda f: heard.append(str(f))))
    visitor.page.reload()
    while not any('"ready"' in frame for frame in heard):
        visitor.page.wait_for_timeout(20)
    ana, ben = staff("ana").opens(session), staff("ben").opens(session)
    ana.says(SECRET, note=True)
    expect(ana.page.locator(".entry.note")).to_contain_text(SECRET)
    expect(ben.page.locator(".entry.note")).to_contain_text(SECRET)
    ana.says("It leaves today.")
    expect(ana.flash).to_contain_text("Answered")
    expect(visitor.answers.last).to_contain_text("It leaves today.")
    ana.presses("Hand back")
    expect(ana.flash).to_be_visible()
    assert any("It leaves today." in frame for frame in heard), "the socket was not listened to"
    kept = visitor.page.evaluate("() => JSON.stringify({ ...localStorage, ...sessionStorage })")
    read = [visitor.page.content(), kept, *heard, streamed(visitor, session)]
    own = f"/api/v1/sessions/{session}"
    exports = [f"{own}/export?format={form}" for form in ("md", "json", "html")]
    polls = [f"/api/v1/?action={action}&session_id={session}" for action in ("events", "responses")]
    polls.append(f"/chat/api/get_responses?session_id={session}")
    for path in (*exports, *polls, f"{polls[0]}&cursor=0", own, f"{own}/messages"):
        read.append(visitor.page.evaluate("async (url) => (await fetch(url)).text()", path))
    visitor.write("Thank you!").sees_state("sent")
    agent = [f"{polls[0]}&cursor=0&limit=500", "/api/v1/?action=events&cursor=0&limit=500",
             "/api/v1/?action=inbox&limit=100&lease=1", f"{own}/messages"]  # fmt: skip
    read += [json.dumps(asked(bridge, path)) for path in agent]
    assert [text for text in read if "It leaves today." in text][3:]
    for text in read:
        assert SECRET not in text
        assert "desk.noted" not in text


def test_new_conversations_wait_behind_a_button_and_rows_stay(
    staff: Callable[..., Operator], visitor: Visitor, visit: Callable[..., Visitor]
) -> None:
    ana = staff("ana").go(MINE)
    rows = ana.page.locator("li[data-session]")
    before = rows.count()
    newcomer = visit("/?agent=default")
    newcomer.write(f"Somebody there, {MARK}?").sees_state("sent")
    show = ana.page.get_by_role("button", name="1 new: show")
    expect(show).to_be_visible()
    assert rows.count() == before
    show.click()
    expect(rows).to_have_count(before + 1)
    expect(ana.page.locator(f'li[data-session="{newcomer.session_id}"]')).to_be_visible()


def test_the_agent_answering_too_is_said_and_a_draft_survives_its_answer(
    staff: Callable[..., Operator], visitor: Visitor, bridge: RunningBridge
) -> None:
    asked(bridge, "/api/v1/?action=inbox&limit=100&lease=60")
    ana = staff("ana").opens(visitor.session_id)
    expect(ana.page.get_by_text("has this conversation too")).to_be_visible()
    ana.page.locator("textarea[name=text]").fill("My draft")
    body = {"session_id": visitor.session_id, "response": "The agent was faster"}
    asked(bridge, "/api/v1/?action=outbox", body)
    expect(ana.entries.last).to_contain_text("The agent was faster")
    ana.presses("Send")
    expect(ana.page.get_by_role("alert").first).to_contain_text("Somebody else answered")
    expect(ana.page.locator("textarea[name=text]")).to_have_value("My draft")
    ana.presses("Send")
    expect(ana.flash).to_contain_text("Answered")
    expect(visitor.answers.last).to_contain_text("My draft")


def test_an_answer_with_the_keyboard_alone(
    staff: Callable[..., Operator], visitor: Visitor
) -> None:
    ana = staff("ana").go(MINE)
    row = ana.page.locator(f'li[data-session="{visitor.session_id}"] a')
    row.focus()
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("button", name="Claim", exact=True)).to_be_visible()
    ana.page.get_by_role("button", name="Claim", exact=True).focus()
    ana.page.keyboard.press("Enter")
    expect(ana.flash).to_be_visible()
    ana.page.locator("textarea[name=text]").focus()
    ana.page.keyboard.type("By hand")
    ana.page.keyboard.press("Control+Enter")
    expect(ana.flash).to_contain_text("Answered")
    expect(visitor.answers.last).to_contain_text("By hand")


def test_the_inbox_works_without_scripts(staff: Callable[..., Operator], visitor: Visitor) -> None:
    ana = staff("ana", java_script_enabled=False).opens(visitor.session_id)
    ana.says("Without a script")
    expect(visitor.answers.last).to_contain_text("Without a script")
    expect(ana.flash).to_contain_text("Answered")
