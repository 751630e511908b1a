"""The wire: one blueprint, one action table, one error handler."""

import logging
from collections.abc import Callable

from flask import Blueprint, Response, request
from flask.sansio.blueprints import BlueprintSetupState
from flask_limiter import RateLimitExceeded
from gunicorn.http.errors import NoMoreData, ParseException
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from chat_bridge import errors
from chat_bridge.api import (
    control,
    files,
    founding,
    headers,
    health,
    jobs,
    keys,
    limits,
    openapi,
    operations,
    parse,
    sessions,
    shelf,
    widget,
)
from chat_bridge.api.actions import ACTIONS
from chat_bridge.api.call import Call
from chat_bridge.api.envelope import failure, request_id
from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import BridgeError
from chat_bridge.model.access import TABLE, open_to
from chat_bridge.ports import Waiting

log = logging.getLogger(__name__)
ENTRIES = ("/api/v1/", "/api/v1/index.php", "/api/v1", "//api/v1/")
FAMILIES = ("/excel/", "/csv/", "/normalization/", "/sql/", "/json/", "/files/", "/health/")
OURS = ("/api/", "/chat/api/", "/admin/api/", *FAMILIES)
ENTRY_METHODS = ("GET", "POST")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
KNOWN_STATUS: dict[int, type[BridgeError]] = {
    404: errors.NotFound,
    413: errors.TooLarge,
    415: errors.UnsupportedMediaType,
    429: errors.TooManyRequests,
}


def blueprint(bridge: Bridge, waiting: Waiting) -> Blueprint:
    api = Blueprint("api", __name__)

    @open_to(TABLE)
    def act(name: str = "") -> Response:
        query = parse.query(request)
        name = name or query.get("action", "")
        action = ACTIONS.get(name)
        methods = tuple(action.methods) if action else ENTRY_METHODS
        if request.method not in ENTRY_METHODS:
            raise errors.MethodNotAllowed(allowed=[*methods, "OPTIONS"])
        if not name:
            raise errors.MissingAction
        if action is None:
            raise errors.UnknownAction
        if request.method not in methods:
            raise errors.MethodNotAllowed(allowed=[*methods, "OPTIONS"])
        return action.methods[request.method](Call(bridge, waiting, request, query))

    api.record_once(_keep_slashes)
    for path in ENTRIES:
        api.add_url_rule(path, "entry", act, methods=METHODS)
    for name in ACTIONS:
        _alias(api, name, act)
    founding.routes(api, bridge, waiting)
    sessions.routes(api, bridge)
    shelf.routes(api, bridge)
    control.routes(api, bridge)
    files.routes(api, bridge)
    jobs.routes(api, bridge)
    keys.routes(api, bridge)
    operations.routes(api, bridge, waiting)
    openapi.routes(api)
    health.routes(api, bridge)
    widget.routes(api, bridge)
    api.before_app_request(lambda: _named(bridge) or _unrouted(bridge))
    api.before_request(lambda: headers.preflight() if request.method == "OPTIONS" else None)
    api.after_request(lambda response: headers.finish(bridge, response))
    api.register_error_handler(Exception, explain)
    return api


def _alias(api: Blueprint, name: str, act: Callable[..., Response]) -> None:
    """`/api/v1/sessions` is an administrator's to read and a visitor's to post to."""
    shared = name == "sessions"
    api.add_url_rule(
        f"/api/v1/{name}",
        "action",
        act,
        methods=["GET"] if shared else METHODS,
        defaults={"name": name},
        provide_automatic_options=not shared,
    )


def _keep_slashes(state: BlueprintSetupState) -> None:
    """A base URL that ends in a slash makes `//api/v1/`: answered, as a redirect would name the
    host that the caller sent."""
    state.app.url_map.merge_slashes = False


def _named(bridge: Bridge) -> Response | None:
    """Where the settings list host names, a request for another one is for somebody else."""
    if not bridge.door.strict_hosts or bridge.door.trusts(request.host):
        return None
    return headers.finish(bridge, explain(errors.UntrustedHost()))


def _unrouted(bridge: Bridge) -> Response | None:
    """Addresses and methods under /api/ that no route knows are ours to refuse, as JSON."""
    error = request.routing_exception
    if error is None or not f"{request.path}/".startswith(OURS):
        return None
    return headers.finish(bridge, explain(error))


def explain(error: Exception) -> Response:
    """Every failure becomes one envelope; what nobody foresaw is logged with its trace."""
    if isinstance(error, BridgeError):
        return failure(error)
    if isinstance(error, RateLimitExceeded):
        return failure(limits.refused(error))
    if isinstance(error, MethodNotAllowed):
        return failure(errors.MethodNotAllowed(allowed=sorted(error.valid_methods or ())))
    if isinstance(error, HTTPException):
        kind = KNOWN_STATUS.get(error.code or 500, errors.BadRequest)
        return failure(kind())
    if isinstance(error, ParseException | NoMoreData):  # found in the body only as it was read
        return failure(errors.BrokenBody())
    if (
        isinstance(error, OSError) and error.errno in errors.NO_ROOM
    ):  # a large form lies on the disk too
        return failure(errors.OutOfSpace())
    log.error("unexpected failure", exc_info=error, extra={"request_id": request_id()})
    return failure(BridgeError())
