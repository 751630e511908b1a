"""The states of the chat page, each drawn and looked at: what it says, whom it reaches, how it fits
a phone. Sign-in states are in test_accounts."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.looks.looking import drawn
from tests.browser.scripted import Scripted, answer
from tests.browser.test_look import fault_free
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge
from tests.wire import caller

pytestmark = pytest.mark.browser
AGENTS = "**/api/v1/agents"
MESSAGES = "**/api/v1/?action=messages"
HERE = {"id": 2, "slug": "default", "name": "Assistant", "status": "answering"}
PHONE = {
    "viewport": {"width": 390, "height": 780}, "is_mobile": True, "has_touch": True,
    "reduced_motion": "reduce",
}  # fmt: skip


@pytest.fixture
def hoa(visit: Callable[..., Visitor]) -> Visitor:
    """Somebody who writes to an agent that is there, on a phone."""
    visitor = visit("/?agent=default&new=1", **PHONE)
    body = {"success": True, "data": {"agents": [HERE]}}
    visitor.context.route(AGENTS, lambda route: route.fulfill(json=body))
    return visitor


def looked_at(visitor: Visitor, name: str, folder: Path) -> None:
    fault_free(visitor.page)
    drawn(visitor.page, name, folder)


def refuse(status: int, code: str, error: str) -> Callable[[Route], None]:
    body = json.dumps({"success": False, "error": error, "error_code": code})
    return lambda route: route.fulfill(status=status, body=body, content_type="application/json")


def test_from_waiting_for_a_reply_to_the_answer(
    hoa: Visitor, bridge: RunningBridge, tmp_path: Path
) -> None:
    hoa.page.clock.install()
    note = hoa.page.locator("working-note")
    hoa.write("Where is order 48-113?").sees_state("sent")
    expect(note).to_contain_text("Waiting for Assistant to reply")
    looked_at(hoa, "waiting", tmp_path)
    hoa.page.clock.fast_forward("00:25")
    expect(note).to_contain_text(re.compile(r"Still working … 0:2\d"))
    agent = caller.agent(bridge)
    agent.get("inbox", limit=100)
    hoa.sees_state("delivered")
    stream = {"session_id": hoa.session_id, "response_id": "grows"}
    agent.post("outbox", {**stream, "stream": "start"})
    agent.post("outbox", {**stream, "stream": "delta", "response": "It leaves **to"})
    expect(hoa.page.get_by_role("button", name="Stop")).to_be_visible()
    looked_at(hoa, "streaming", tmp_path)
    agent.post("outbox", {**stream, "stream": "end", "response": "It leaves **today**."})
    expect(hoa.answers.last.locator("strong")).to_have_text("today")
    expect(note).to_be_hidden()


def test_the_agent_is_writing(hoa: Visitor, bridge: RunningBridge, tmp_path: Path) -> None:
    hoa.write("Is anybody there?").sees_state("sent")
    typing = {"session_id": hoa.session_id, "seconds": 10}
    assert caller.agent(bridge).post("typing", typing).status == 200
    expect(hoa.page.locator("working-note")).to_contain_text("Assistant is writing")
    looked_at(hoa, "writing", tmp_path)


def test_nobody_is_there(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    hoa = visit("/?agent=default&new=1", **PHONE)
    body = {"success": True, "data": {"agents": [{**HERE, "status": "away"}]}}
    hoa.context.route(AGENTS, lambda route: route.fulfill(json=body))
    hoa.page.reload()
    hoa.write("Hello?").sees_state("sent")
    expect(hoa.page.locator(".notice")).to_be_visible()
    looked_at(hoa, "away", tmp_path)


def test_a_conversation_is_being_loaded(hoa: Visitor, tmp_path: Path) -> None:
    """Said while it lasts, and only then."""
    hoa.write("Where is order 48-113?").sees_state("sent")
    loading = hoa.page.get_by_text("Loading the conversation …")
    expect(loading).to_be_hidden()
    held: list[Route] = []
    hoa.context.route("**/api/v1/sessions/*/messages*", lambda route: held.append(route))
    hoa.page.reload()
    expect(loading).to_be_visible()
    looked_at(hoa, "loading", tmp_path)
    hoa.context.unroute("**/api/v1/sessions/*/messages*")
    held[0].continue_()
    expect(hoa.messages).to_have_count(1)
    expect(loading).to_be_hidden()


def test_offline(hoa: Visitor, tmp_path: Path) -> None:
    hoa.write("Where is order 48-113?").sees_state("sent")
    hoa.context.set_offline(True)
    hoa.write("It said Monday.").sees_state("waiting for the connection")
    expect(hoa.page.locator("connection-banner")).to_contain_text("You are offline")
    looked_at(hoa, "offline", tmp_path)
    hoa.context.set_offline(False)
    hoa.sees_state("sent")


def test_reconnecting(hoa: Visitor, tmp_path: Path) -> None:
    hoa.write("Where is order 48-113?").sees_state("sent")
    scripted = Scripted(hoa)
    hoa.context.route("**/api/v1/**", lambda route: route.abort())
    hoa.page.route_web_socket("**/ws?*", lambda socket: socket.close(code=1011))
    scripted.sockets[-1].close(code=1011)
    banner = hoa.page.locator("connection-banner")
    expect(banner).to_contain_text("Connection lost")
    expect(banner).to_contain_text("Trying again in")
    expect(banner.get_by_role("button", name="Retry now")).to_be_visible()
    looked_at(hoa, "reconnecting", tmp_path)


def test_not_sent(hoa: Visitor, tmp_path: Path) -> None:
    hoa.context.route(MESSAGES, refuse(403, "forbidden", "This conversation is closed."))
    hoa.write("Where is order 48-113?").sees_state("Not sent: This conversation is closed.")
    expect(hoa.page.get_by_role("button", name="Retry")).to_be_visible()
    looked_at(hoa, "not-sent", tmp_path)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (413, "too_large", "The file is larger than 256 MB."),
        (415, "unsupported_type", "The content is no spreadsheet."),
    ],
)
def test_a_refused_upload(hoa: Visitor, status: int, code: str, error: str, tmp_path: Path) -> None:
    hoa.context.route("**/files", refuse(status, code, error))
    hoa.attach("orders.csv")
    expect(hoa.chips).to_have_attribute("data-state", "failed")
    expect(hoa.chips).to_contain_text(error)
    expect(hoa.page.locator("#alert")).to_have_text(f"orders.csv was not attached: {error}")
    expect(hoa.chips.get_by_role("button", name="Upload orders.csv again")).to_be_hidden()
    looked_at(hoa, f"upload-{status}", tmp_path)
    hoa.context.unroute("**/files")
    hoa.chips.get_by_role("button", name="Remove orders.csv").click()
    hoa.attach("orders.csv").attached("orders.csv")


def test_what_a_tool_said(hoa: Visitor, tmp_path: Path) -> None:
    hoa.write("How many rows?").sees_state("sent")
    said = "table      rows\ncustomers  8,214\norders    41,007"
    tool = answer(said, id=1_000_020, kind="tool", metadata={"tool": "count_rows"})
    Scripted(hoa).tell("response.created", response=tool)
    expect(hoa.answers.locator("pre")).to_have_text(said)
    expect(hoa.answers.locator(".chip")).to_contain_text("count_rows")
    looked_at(hoa, "tool", tmp_path)
