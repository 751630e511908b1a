"""What a call can end with. `error_code` is the bridge's stable word, the message its sentence."""

import json
from collections.abc import Mapping
from http.client import HTTPMessage
from typing import Any, ClassVar


class ClientError(Exception):
    """`temporary` says whether the same call may succeed a little later."""

    temporary: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        error_code: str = "",
        retry_after: float | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.error_code = error_code
        self.retry_after = retry_after
        self.details = dict(details or {})


class ConnectionFailed(ClientError):
    """No whole answer arrived; the bridge may or may not have carried the call out."""

    temporary = True


class ClientClosed(ClientError):
    """The client was closed while the call was under way."""


class BadAnswer(ClientError):
    """Something answered that is not a Chat Bridge."""


class Refused(ClientError):
    """The bridge understood the call and says no (any 4xx without a class of its own)."""


class Unauthenticated(Refused):
    """The key or the session token is missing or wrong."""


class Forbidden(Refused):
    """The key lacks a scope."""


class NotFound(Refused):
    """No such session, message, file or agent for this caller."""


class Conflict(Refused):
    """The idempotency key was used with another body, or the job has already ended."""


class LeaseLost(Conflict):
    """The message is somebody else's by now; nothing was changed."""


class CursorExpired(Refused):
    """The events after this cursor are no longer kept: read the transcript and start anew."""


class RateLimited(Refused):
    """Too many calls; `retry_after` says when to come back."""

    temporary = True


class ServerFailed(ClientError):
    """A 500 of the bridge itself."""


class ServerBusy(ServerFailed):
    """502, 503 or 504: starting, stopping, or at its limits."""

    temporary = True


_BY_CODE: dict[str, type[ClientError]] = {"lease_lost": LeaseLost}
_BY_STATUS: dict[int, type[ClientError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: CursorExpired,
    429: RateLimited,
    502: ServerBusy,
    503: ServerBusy,
    504: ServerBusy,
}


def from_answer(status: int, headers: HTTPMessage, body: bytes) -> ClientError:
    envelope = _envelope(body)
    code = str(envelope.get("error_code") or "")
    details = envelope.get("details")
    kind = _BY_CODE.get(code) or _BY_STATUS.get(status) or _by_class(status)
    return kind(
        str(envelope.get("error") or f"The server answered with status {status}."),
        status=status,
        error_code=code,
        retry_after=_seconds(headers.get("Retry-After")),
        details=details if isinstance(details, dict) else None,
    )


def _by_class(status: int) -> type[ClientError]:
    if status >= 500:
        return ServerFailed
    return Refused if status >= 400 else BadAnswer


def _envelope(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(header: str | None) -> float | None:
    """Retry-After as seconds; its other form, a date, is left to our own back-off."""
    return float(header) if header and header.strip().isdecimal() else None
