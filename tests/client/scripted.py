"""A real HTTP server on a real socket that misbehaves as told, request by request."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: tuple[str, int]

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


Act = Callable[["Handler"], None]


@dataclass
class Script:
    acts: list[Act]
    seen: list[Seen] = field(default_factory=list)
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def do_GET(self) -> None:
        self.follow_script()

    def do_POST(self) -> None:
        self.follow_script()

    def follow_script(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        seen = Seen(self.command, self.path, dict(self.headers), body, self.client_address)
        self.script.seen.append(seen)
        self.script.acts.pop(0)(self)

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def close_when(self, released: threading.Event) -> None:
        """Says nothing more before; longer than a test may take when nobody releases it."""
        self.wfile.flush()
        released.wait(150)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Tests read `seen` instead."""


def data(**values: object) -> Act:
    return lambda handler: handler.reply(
        200, json.dumps({"success": True, "data": values}).encode()
    )


def raw(body: bytes, content_type: str = "application/octet-stream") -> Act:
    return lambda handler: handler.reply(200, body, {"Content-Type": content_type})


def refusal(status: int, error_code: str, **headers: str) -> Act:
    body = {"success": False, "error": f"It says {error_code}.", "error_code": error_code}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.reply(status, json.dumps(body).encode(), named)


def lost_answer(handler: Handler) -> None:
    """The request arrived and was read; then the connection ends without a word."""
    handler.close_connection = True


def half_answer(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"success": true')
    handler.close_connection = True


def event_stream(*events: dict[str, Any]) -> Act:
    """Sends the events and hangs up, as a restarting server does."""

    def act(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        handler.wfile.write(b": ping\n\n")
        for event in events:
            handler.wfile.write(f"id: {event['seq']}\ndata: {json.dumps(event)}\n\n".encode())
        handler.close_connection = True

    return act


@contextmanager
def serving(*acts: Act) -> Iterator[Script]:
    script = Script(list(acts))
    handler = type("Scripted", (Handler,), {"script": script})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
