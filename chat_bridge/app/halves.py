"""`serve --only bridge|control`: the two halves of an installation, each in processes of its own.

The bridge is what programs call; control is what people open in a browser, with as much of the
API as their pages ask for. Both stand on one database, so what is said to one reaches the other.
"""

from collections.abc import Callable

from flask import Flask, Response, request

from chat_bridge.api import headers
from chat_bridge.api.envelope import failure
from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import ServedElsewhere

OF_THE_BRIDGE = (
    "/api/",
    "//api/",
    "/chat/api/",
    "/admin/api/",
    "/ws",
    "/widget",
    "/static/",
    "/metrics",
)
FOR_PROGRAMS = ("/admin/api/", "/widget")


def divide(app: Flask, bridge: Bridge) -> None:
    """Refuses what the other half serves; nothing in a process that is both."""
    elsewhere: dict[str, Callable[[], bool]] = {"bridge": _is_a_page, "control": _is_for_programs}
    other = {"bridge": "control", "control": "bridge"}
    kind = bridge.processes.kind
    if kind not in elsewhere:
        return

    @app.before_request
    def refuse() -> Response | None:
        if elsewhere[kind]():
            return headers.finish(bridge, failure(ServedElsewhere(other=other[kind])))
        return None


def _is_a_page() -> bool:
    """A conversation's own socket, /chat/<id>, is the bridge's; the page at /chat/ is not."""
    path = f"{request.path}/"
    if path.startswith(OF_THE_BRIDGE):
        return False
    return not (path.startswith("/chat/") and path.strip("/") != "chat")


def _is_for_programs() -> bool:
    return f"{request.path}/".startswith(FOR_PROGRAMS) or headers.keyed()
