"""A shop on another origin that shows the widget, and what is done in its frame."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Error, Frame, FrameLocator, Page, expect

from tests.servers import RunningBridge
from tests.wire import caller


@contextmanager
def shop(
    bridge: RunningBridge, attributes: str = 'data-api-key="public"', address: str = "127.0.0.2"
) -> Iterator[str]:
    """A page of another site, with a policy that allows scripts and frames of the bridge only."""
    policy = f"default-src 'none'; script-src {bridge.url}; frame-src {bridge.url}"
    script = f'<script src="{bridge.url}/widget/static/js/chat-widget.js" {attributes}></script>'
    body = (
        '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">'
        f"<title>Shop</title>{script}"
        '<main><h1>Blue lamps</h1><p>Three sizes, from today. <a href="#x">Sale</a></p>'
    )

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer((address, 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{address}:{server.server_port}/"
        server.shutdown()


def inside(page: Page) -> FrameLocator:
    return page.frame_locator("#sanctum-chat-frame")


def opened(page: Page, name: str = "Chat with us") -> FrameLocator:
    page.get_by_role("button", name=name).click()
    expect(inside(page).locator("#message")).to_be_focused()
    return inside(page)


def write(page: Page, text: str) -> None:
    inside(page).locator("#message").fill(text)
    page.keyboard.press("Enter")
    state = inside(page).locator("chat-message").last.locator('[data-part="state"]')
    expect(state).to_contain_text("sent")


def session_of(bridge: RunningBridge, text: str) -> str:
    waiting = caller.agent(bridge).get("inbox", peek=1, limit=100).data["messages"]
    (found,) = [one["session_id"] for one in waiting if one["message"] == text]
    return str(found)


def spied(page: Page) -> list[str]:
    """What the policies of the page and its frames have refused."""
    return [found for frame in page.frames for found in _spied(frame)]


def _spied(frame: Frame) -> list[str]:
    try:
        return list(frame.evaluate("() => window.spied ?? []"))
    except Error:
        if frame.is_detached():  # `destroy` took it away while we asked
            return []
        raise


def foreign(url: str, known: tuple[str, ...]) -> list[str]:
    return [] if url.startswith((*known, "data:", "blob:", "ws:")) else [f"foreign request: {url}"]
