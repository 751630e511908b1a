"""Headers of every answer under /api/: safe defaults, and CORS where visitors' pages call from."""

from flask import Response, request

from chat_bridge.api.actions import ACTIONS
from chat_bridge.api.envelope import request_id
from chat_bridge.domain.bridge import Bridge

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ALLOWED_METHODS = "GET, POST, DELETE, OPTIONS"
ALLOWED_HEADERS = "Content-Type, Authorization, X-Session-Token, Idempotency-Key, Last-Event-ID"
EXPOSED_HEADERS = "RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
KEYED = frozenset({"inbox", "outbox", "admin"})


def finish(bridge: Bridge, response: Response) -> Response:
    for name, value in SAFE.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Request-Id"] = request_id()
    if not keyed():
        _allow_origin(bridge, response)
    return response


def sandboxed(response: Response) -> Response:
    """For what people take home: whatever it holds, it is never a page of ours."""
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def preflight() -> Response:
    response = Response(status=200)
    response.headers["Access-Control-Allow-Methods"] = ALLOWED_METHODS
    asked = request.headers.get("Access-Control-Request-Headers", "")
    response.headers["Access-Control-Allow-Headers"] = asked[:500] or ALLOWED_HEADERS
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def keyed() -> bool:
    """Routes for keys have no CORS: a browser page is no place for a key."""
    if request.path.startswith("/admin/"):
        return True
    if request.endpoint == "api.action":
        name = (request.view_args or {})["name"]
    else:
        name = request.args.get("action", "").partition("?")[0]
    action = ACTIONS.get(name)
    return action is not None and action.policy in KEYED


def _allow_origin(bridge: Bridge, response: Response) -> None:
    origin = request.headers.get("Origin")
    allowed = bridge.door.cors_origins
    if origin is None:
        return
    response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
    if "*" in allowed:
        response.headers["Access-Control-Allow-Origin"] = "*"
        return
    response.headers["Vary"] = "Origin"
    if origin in allowed:
        response.headers["Access-Control-Allow-Origin"] = origin
