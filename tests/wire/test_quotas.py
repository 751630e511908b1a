"""Every route of the URL map draws on the quota that its policy says. A view that the limiter
cannot name would draw on none, and nobody would notice."""

import re
from collections.abc import Iterator

import pytest

from chat_bridge.model.access import Access
from tests.servers import RunningBridge, serving
from tests.wire.caller import Caller
from tests.wire.test_matrix import ROUTES

JSON = re.compile(r"/api/|/chat/api/|/admin/api/|/widget/(init|config|health)(\.php)?$|"
                  r"/(excel|csv|normalization|sql|json|files|health)(/|$)")  # fmt: skip
OPERATION = re.compile(r"(/api/v1)?/(excel|csv|normalization|sql|json|files)/")
UPLOAD = "/api/v1/sessions/<session_id>/files"
HEALTH = re.compile(r"(/api/v1)?/health(/ready)?/?$")


def drawn_on(method: str, rule: str, access: Access) -> str | None:
    if (
        not JSON.match(rule)
        or HEALTH.match(rule)
        or (access.policy, access.what) == ("key", "outbox")
    ):
        return None
    if OPERATION.match(rule) and method == "POST":
        return "messages"
    if (method, rule) == ("POST", UPLOAD):
        return "uploads"
    if access.policy in ("administrator", "admin"):
        return "admin"
    if access.policy == "key" and access.what == "inbox":
        return "agents"
    return "reads" if method == "GET" else "messages"


@pytest.fixture(scope="module")
def anybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with serving(tmp_path_factory.mktemp("quotas"), CHAT_BRIDGE_RATE_LIMITS="on") as running:
        yield caller_of(running)


def caller_of(running: RunningBridge) -> Caller:
    return Caller(running.port, {"Content-Type": "application/json"})


def test_of_each_route(anybody: Caller) -> None:
    found, wanted = {}, {}
    for method, rule, access in ROUTES:
        if rule == "/ws":
            continue
        path = re.sub(r"<(?:[^<>]+:)?\w+>", "987654", rule)
        answer = anybody.call(method, path, "" if method == "POST" else None)
        said = re.match(r'"(\w+)";q=\d+', answer.headers.get("RateLimit-Policy", ""))
        found[f"{method} {rule}"] = said[1] if said else None
        wanted[f"{method} {rule}"] = drawn_on(method, rule, access)
    assert found == wanted
