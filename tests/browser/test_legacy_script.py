"""The founding servers' script, on a page of another site."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.servers import RunningBridge
from tests.wire import caller

pytestmark = pytest.mark.browser
LISTEN = """() => {
    window.answers = [];
    document.addEventListener("webChatResponse", (event) => answers.push(event.detail));
    return WebChatBridge.init({ pollInterval: 1000 });
}"""


@contextmanager
def site(body: str) -> Iterator[str]:
    """Another origin: one page on a port of its own."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def shop(chromium: Browser, bridge: RunningBridge) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    with site(f'<!doctype html><script src="{bridge.url}/chat/widget.js"></script>Shop') as url:
        page.goto(url)
        yield page
        context.close()
    assert faults == []


def test_each_answer_arrives_once(shop: Page, bridge: RunningBridge) -> None:
    session = shop.evaluate(LISTEN)["sessionId"]
    assert session.startswith("widget_")
    sent = shop.evaluate("() => WebChatBridge.sendMessage('Is it in stock?')")
    assert sent["session_id"] == session
    for text in ("Yes", "<b>three</b> left"):
        assert caller.agent(bridge).reply(session, text).status == 200
    shop.wait_for_function("() => answers.length >= 2")
    shop.wait_for_timeout(1_500)  # one more poll
    answers = shop.evaluate("() => answers")
    assert [answer["response"] for answer in answers] == ["Yes", "<b>three</b> left"]
    assert {answer["sessionId"] for answer in answers} == {session}
    found = shop.evaluate("(since) => WebChatBridge.getResponses(since)", answers[0]["timestamp"])
    assert [item["response"] for item in found] == ["<b>three</b> left"]


def test_a_reload_goes_on_in_the_same_conversation(shop: Page) -> None:
    first = shop.evaluate(LISTEN)
    shop.reload()
    assert shop.evaluate(LISTEN)["sessionId"] == first["sessionId"]
    shop.evaluate("() => WebChatBridge.cleanup()")
    assert shop.evaluate("() => WebChatBridge.getState()")["isPolling"] is False
