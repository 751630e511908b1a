"""Headers of every answer under /api/: safe defaults, and CORS where visitors' pages call from."""

from flask import Response, current_app, request

from chat_bridge.api.actions import ACTIONS
from chat_bridge.api.envelope import request_id
from chat_bridge.domain.bridge import Bridge
from chat_bridge.model.access import TABLE, access_of

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ALLOWED_METHODS = "GET, POST, DELETE, OPTIONS"
ALLOWED_HEADERS = "Content-Type, Authorization, X-Session-Token, Idempotency-Key, Last-Event-ID"
EXPOSED_HEADERS = "RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"


def finish(bridge: Bridge, response: Response) -> Response:
    for name, value in SAFE.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Vary"] = "Origin, Cookie"
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
    access = access_of(current_app.view_functions.get(request.endpoint or ""))
    if access == TABLE:
        by_query = request.args.get("action", "").partition("?")[0]
        action = ACTIONS.get((request.view_args or {}).get("name", by_query))
        access = action.access if action else None
    return access.keyed if access else request.path.startswith("/admin/")


def _allow_origin(bridge: Bridge, response: Response) -> None:
    origin = request.headers.get("Origin")
    allowed = bridge.settings.live.now().cors_origins
    if origin is None:
        return
    response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
    if "*" in allowed:
        response.headers["Access-Control-Allow-Origin"] = "*"
        return
    if origin in allowed:
        response.headers["Access-Control-Allow-Origin"] = origin
