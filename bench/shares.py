"""What of a request's processor time goes into knowing who calls, counting them and checking what
they sent: `messages.py --profile`. The whole is what a real server used for each request under
load; the parts are measured in one thread on the application alone, whose own time is told too."""

import io
import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import load
import servers

from chat_bridge.api import guards, parse
from chat_bridge.api.actions import inbox, messages, outbox
from chat_bridge.app import services, web
from chat_bridge.config import Settings
from chat_bridge.domain import tokens
from chat_bridge.domain.keys import Keys

GOAL = 0.35
WARM_UP = 100
PARTS: dict[str, tuple[tuple[Any, str], ...]] = {
    "authentication": (
        (guards, "visitor"),
        (guards, "session"),
        (Keys, "authenticate"),
        (tokens, "digest"),
    ),
    "limiter": (),
    "validation": (
        (parse, "query"),
        (parse, "json_body"),
        (messages, "read"),
        (outbox, "_whole"),
        (inbox, "_poll"),
    ),
}
Function = Callable[..., Any]
Request = Callable[[int], dict[str, Any]]


class Meter:
    """Adds up the processor time of wrapped functions, each moment to the outermost of them."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(PARTS, 0.0)
        self._inside = False

    def timed(self, part: str, function: Function) -> Function:
        def measured(*arguments: Any, **named: Any) -> Any:
            if self._inside:
                return function(*arguments, **named)
            self._inside, began = True, time.thread_time()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds[part] += time.thread_time() - began
                self._inside = False

        return measured

    def watch(self, stack: ExitStack, application: Any) -> None:
        for part, functions in PARTS.items():
            for owner, name in functions:
                wrapped = self.timed(part, getattr(owner, name))
                stack.enter_context(patch.object(owner, name, wrapped))
        for hooks in (application.before_request_funcs, application.after_request_funcs):
            for functions_of in hooks.values():
                functions_of[:] = [self._limiting(hook) for hook in functions_of]

    def _limiting(self, hook: Function) -> Function:
        """flask-limiter's own hooks, and ours that writes the headers."""
        actual = getattr(hook, "func", hook)
        ours = actual.__module__.startswith(("flask_limiter", "chat_bridge.api.limits"))
        return self.timed("limiter", hook) if ours else hook


def run(requests: int, seconds: float, folder: str | None) -> None:
    kinds = {
        "POST messages": message,
        "GET responses": responses,
        "GET inbox": take,
        "POST outbox": reply,
    }
    print(f"processor time of a request; goal of the three together {GOAL:.0%}")
    columns = "".join(f"{name:>16}" for name in PARTS)
    print(f"{'':16}{'ms':>8}{'program':>9}{columns}{'together':>12}")
    with tempfile.TemporaryDirectory(dir=folder) as data:
        with servers.bridge(Path(data), rate_limits="on") as server:
            load.run(server.port, 4, 1.0, lambda n: raw(message(n)))
            whole = {name: used(server, seconds, kind) for name, kind in kinds.items()}
        for name, kind in kinds.items():
            show(name, whole[name], measured(kind, requests, Path(data) / name.replace(" ", "-")))


def used(server: servers.Server, seconds: float, request: Request) -> float:
    """Seconds of the server's processor time for each request."""
    numbers = itertools.count()
    before = servers.cpu_seconds(server)
    found = load.run(server.port, 4, seconds, lambda _: raw(request(next(numbers))))
    return (servers.cpu_seconds(server) - before) / len(found)


def raw(request: dict[str, Any]) -> bytes:
    """The same request as it goes over the wire."""
    content: bytes = request["wsgi.input"].getvalue()
    lines = [f"{request['REQUEST_METHOD']} /api/v1/?{request['QUERY_STRING']} HTTP/1.1"]
    for name, value in request.items():
        if name.startswith("HTTP_"):
            lines.append(f"{name[5:].replace('_', '-').title()}: {value}")
    lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


def measured(request: Request, requests: int, data: Path) -> dict[str, float]:
    """Seconds of each part of a request, and of the program (``) in all."""
    settings = Settings(data_dir=data, agent_key=servers.AGENT_KEY, log_level="warning")
    services.prepare(settings)
    application, _ = web.web(settings)
    meter = Meter()
    with ExitStack() as stack:
        meter.watch(stack, application)
        for number in range(WARM_UP):
            answered(application, message(number))
            answered(application, request(number))
        meter.seconds = dict.fromkeys(PARTS, 0.0)
        began = time.thread_time()
        for number in range(WARM_UP, WARM_UP + requests):
            answered(application, request(number))
        meter.seconds[""] = time.thread_time() - began
    return {part: seconds / requests for part, seconds in meter.seconds.items()}


def show(name: str, whole: float, parts: dict[str, float]) -> None:
    program = parts.pop("")
    shares = "".join(f"{part / whole:16.1%}" for part in parts.values())
    together = sum(parts.values()) / whole
    told = "" if together < GOAL else "   missed"
    print(f"{name:16}{whole * 1000:8.3f}{program * 1000:9.3f}{shares}{together:12.1%}{told}")


def message(number: int) -> dict[str, Any]:
    body = {"session_id": f"session_{number % 50}", "message": f"Where is order {number}?"}
    return environ("POST", "messages", body, HTTP_X_SESSION_TOKEN="a" * 43)


def responses(number: int) -> dict[str, Any]:
    query = f"responses&session_id=session_{number % 50}&cursor=0"
    return environ("GET", query, HTTP_X_SESSION_TOKEN="a" * 43)


def take(number: int) -> dict[str, Any]:
    return environ("GET", "inbox&limit=1&peek=1", HTTP_AUTHORIZATION=f"Bearer {servers.AGENT_KEY}")


def reply(number: int) -> dict[str, Any]:
    body = {"session_id": f"session_{number % 50}", "response": f"It is on its way: {number}"}
    return environ("POST", "outbox", body, HTTP_AUTHORIZATION=f"Bearer {servers.AGENT_KEY}")


def environ(method: str, query: str, body: object = None, **headers: str) -> dict[str, Any]:
    content = b"" if body is None else json.dumps(body).encode()
    return {
        "REQUEST_METHOD": method, "PATH_INFO": "/api/v1/", "QUERY_STRING": f"action={query}",
        "SCRIPT_NAME": "", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8001",
        "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1:8001", "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(content)),
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(content), "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True,
        "wsgi.run_once": False, **headers,
    }  # fmt: skip


def answered(application: Any, request: dict[str, Any]) -> None:
    told: list[str] = []
    body: Iterable[bytes] = application(request, lambda status, headers: told.append(status))
    content = b"".join(body)
    if not told[0].startswith("200"):
        raise SystemExit(f"{request['QUERY_STRING']}: {told[0]} {content[:300]!r}")
