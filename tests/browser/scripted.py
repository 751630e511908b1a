"""A conversation whose server side is written by the test: history by route, events by socket."""

import json
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

from tests.browser.visitor import Visitor

STARTED = "2026-11-21T10:42:00.000Z"
STEPS = ("Extract 3 columns", "Normalize email, joined", "Drop duplicate emails")


class Scripted:
    """`visitor` must be in a stored conversation; its next load gets our socket."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.sockets: list[WebSocketRoute] = []
        self.seq = 1_000_000
        self.page: Page = visitor.page
        self.page.route_web_socket("**/ws?*", self._opened)
        self.page.reload()
        self.page.wait_for_function("() => document.querySelector('chat-log chat-message')")
        while not self.sockets:
            self.page.wait_for_timeout(20)

    def _opened(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.send(json.dumps({"type": "ready", "session_id": "", "cursor": "0"}))

    def tell(self, kind: str, **data: Any) -> "Scripted":
        self.seq += 1
        event = {"seq": self.seq, "session_id": "", "kind": kind, "data": data}
        self.sockets[-1].send(json.dumps({**event, "created_at": STARTED}))
        return self


def job(status: str = "running", step: int = 1, **facts: Any) -> Mapping[str, Any]:
    """A job of three steps that has come as far as `step`."""
    states = ["completed" if at < step else "pending" for at in range(len(STEPS))]
    if status == "running":
        states[step] = "running"
    steps = [
        {"index": at, "operation": "x", "title": title, "arguments": {}, "status": states[at],
         "rows_in": None, "rows_out": None}
        for at, title in enumerate(STEPS)
    ]  # fmt: skip
    progress = {
        "step": step, "rows_done": 5_093, "rows_total": 8_214,
        "rows_per_second": 61_300.0, "fraction": 0.62,
    }  # fmt: skip
    return {
        "job_id": "job_scripted", "session_id": "", "message_id": None, "command": "/extract",
        "file": "customers.xlsx", "status": status, "attempts": 1, "steps": steps,
        "progress": progress, "cancel_requested": False, "error": None, "error_code": None,
        "result": {}, "outputs": [], "created_at": STARTED, "started_at": STARTED,
        "finished_at": None, **facts,
    }  # fmt: skip


def answer(text: str, *, html: str | None = None, **facts: Any) -> Mapping[str, Any]:
    return {
        "type": "response", "id": facts.pop("id", 1_000_000), "response": text,
        "response_data": text, "html": html or f"<p>{text}</p>", "message_id": None,
        "kind": "text", "timestamp": STARTED, "attachments": [], "job_id": None,
        "preview": None, "buttons": [], "metadata": {}, **facts,
    }  # fmt: skip
