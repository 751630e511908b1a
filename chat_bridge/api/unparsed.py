"""What the server refuses before there is a request: in the one error shape, too."""

from http import HTTPStatus

from chat_bridge import errors
from chat_bridge.api.envelope import JSON, failure

KINDS: dict[int, type[errors.BridgeError]] = {
    408: errors.TooSlow,
    414: errors.AddressTooLong,
    431: errors.HeadersTooLarge,
}


def refusal(status: int) -> bytes:
    """A whole answer, after which the connection ends."""
    other = errors.BadRequest if status < 500 or status == 501 else errors.BridgeError
    body: bytes = failure(KINDS.get(status, other)(), status=status).get_data()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "Connection: close",
        f"Content-Type: {JSON}",
        f"Content-Length: {len(body)}",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
    )
    return "\r\n".join((*head, "", "")).encode() + body
