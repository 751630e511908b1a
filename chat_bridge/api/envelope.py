"""The one success shape and the one error shape of everything under /api/."""

import secrets
import time
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Response, g, has_app_context

from chat_bridge import __version__
from chat_bridge.errors import BridgeError, MethodNotAllowed

API_VERSION = f"v{__version__}"
LOCALE = "en_US"
JSON = "application/json"
RETRY_SECONDS = {429: 60, 503: 1, 507: 60}


def request_id() -> str:
    """32 hex characters, the same for everything said about one request; a parked request is
    answered outside of its context and gets one of its own."""
    if not has_app_context():
        return secrets.token_hex(16)
    if "request_id" not in g:
        g.request_id = secrets.token_hex(16)
    return str(g.request_id)


def success(
    data: object, *, message: str = "Success", status: int = 200, total: int = 0
) -> Response:
    return answer(success_bytes(data, message=message, status=status, total=total), status)


def success_bytes(
    data: object, *, message: str = "Success", status: int = 200, total: int = 0
) -> bytes:
    body = {"success": True, "data": data, "total": total, **_common(message, status)}
    return orjson.dumps(body)


def failure(error: BridgeError, *, status: int | None = None) -> Response:
    """`status` where an address has one of its own for this error."""
    status = status or error.status
    body: dict[str, Any] = {
        "success": False,
        "error": error.message,
        "code": status,
        "error_code": error.code,
        "details": error.details,
        "data": {"error_type": type(error).__name__, "details": error.details},
        "total": 0,
        **_common(error.message, status),
    }
    response_headers: dict[str, str] = {}
    if status in RETRY_SECONDS:
        body["retry_after"] = error.details.get("retry_after", RETRY_SECONDS[status])
        response_headers["Retry-After"] = str(body["retry_after"])
    if isinstance(error, MethodNotAllowed):
        response_headers["Allow"] = ", ".join(error.allowed)
    response = answer(orjson.dumps(body, default=str), status)
    response.headers.update(response_headers)
    return response


def answer(body: bytes, status: int = 200) -> Response:
    return Response(body, status=status, content_type=JSON)


def _common(message: str, status: int) -> dict[str, Any]:
    now = time.time()
    moment = datetime.fromtimestamp(now, UTC)
    return {
        "message": message,
        "timestamp": f"{moment:%Y-%m-%dT%H:%M:%S}.{int(now % 1 * 1000):03d}Z",
        "status_code": status,
        "meta": {
            "api_version": API_VERSION,
            "locale": LOCALE,
            "request_id": request_id(),
            "requested_time": moment.isoformat(),
        },
    }
