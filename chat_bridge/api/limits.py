"""How often one caller may ask: one quota a kind of request, told in `RateLimit` headers."""

import hashlib
import time
from collections.abc import Mapping
from functools import partial
from math import ceil
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request
from flask_limiter import Limiter, RateLimitExceeded, RequestLimit

from chat_bridge.api import guards
from chat_bridge.api.actions import ACTIONS
from chat_bridge.api.operations import OPERATE
from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import TooManyRequests
from chat_bridge.model.access import ADMINISTRATOR, access_of

OF_POLICY = {"inbox": "agents", "outbox": "", "admin": "admin"}
BY_ENDPOINT = {"api.upload": "uploads", "api.live": "", "api.ready": ""}
OPERATIONS = f"api.{OPERATE}"
KEYED = ("agents", "admin")


def attach(app: Flask, api: Blueprint, bridge: Bridge, *, storage: Mapping[str, Any]) -> None:
    """Before the blueprint is registered. Quotas are written as `600/minute`: for one address, and
    for one key where keys are asked for; the shared settings may change them at any time."""
    limiter = Limiter(
        key_func=partial(_who, bridge),
        storage_uri="bridge://",
        storage_options=dict(storage),
        strategy="fixed-window",
        swallow_errors=True,
        on_breach=_breached,
    )
    # One limit that looks up its quota: with one each, the library weighs them all every time.
    limiter.shared_limit(
        lambda: _quota_now(bridge, _kind() or "reads"),
        scope=lambda _: _kind(),
        exempt_when=lambda: not _kind(),
    )(api)
    limiter.init_app(app)
    api.after_request(partial(_tell, limiter))


def refused(error: RateLimitExceeded) -> TooManyRequests:
    seconds = int(g.get("retry_after", 60))
    return TooManyRequests(retry_after=seconds, limit=str(error.limit.limit))


def _breached(limit: RequestLimit) -> None:
    g.retry_after = max(1, _seconds_left(limit))


def _quota_now(bridge: Bridge, name: str) -> str:
    return str(getattr(bridge.settings.live.now(), f"limit_{name}"))


def _kind() -> str:
    """Which quota this request draws on; none for preflights, health and replies of agents."""
    if "quota" not in g:
        g.quota = "" if request.method == "OPTIONS" else _quota(request.endpoint or "")
    return str(g.quota)


def _quota(endpoint: str) -> str:
    reading = request.method in ("GET", "HEAD")
    if endpoint.startswith(OPERATIONS):
        return "messages"  # how many may run at a time bounds them; a script asks often
    if endpoint in BY_ENDPOINT:
        return BY_ENDPOINT[endpoint]
    name = str((request.view_args or {}).get("name", ""))
    if endpoint == "api.entry":
        name = request.args.get("action", "").partition("?")[0]
    elif endpoint not in ("api.action", "api.admin_action"):
        name = ""
    policy = ACTIONS[name].policy if name in ACTIONS else _declared(endpoint)
    return OF_POLICY.get(policy, "reads" if reading else "messages")


def _declared(endpoint: str) -> str:
    access = access_of(current_app.view_functions.get(endpoint))
    return "admin" if access == ADMINISTRATOR else ""


def _who(bridge: Bridge) -> str:
    """A key that is known to be one, else the address: whoever invents keys has one count."""
    secret = guards.bearer(request)
    if _kind() in KEYED and secret and bridge.keys.accepted(secret):
        return "key:" + hashlib.sha256(secret.encode()).hexdigest()[:16]
    return guards.address(request) or "unknown"


def _seconds_left(limit: RequestLimit) -> int:
    return max(0, ceil(limit.window.reset_time - time.time()))


def _tell(limiter: Limiter, response: Response) -> Response:
    current = limiter.current_limit
    if current is None:
        return response
    name = _kind()
    window = current.limit.get_expiry()
    response.headers["RateLimit-Policy"] = f'"{name}";q={current.limit.amount};w={window}'
    response.headers["RateLimit"] = f'"{name}";r={current.remaining};t={_seconds_left(current)}'
    return response
