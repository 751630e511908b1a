"""Pages of other origins may talk for visitors, never with a key."""

from collections.abc import Callable

import pytest

from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Caller

ORIGIN = "https://shop.example"
ALLOW = "Access-Control-Allow-Origin"
FOR_VISITORS = [
    "/api/v1/?action=messages",
    "/api/v1/?action=responses",
    "/api/v1/?action=responses?session_id=session_a",
    "/api/v1/?action=events",
    "/api/v1/messages",
    "/api/v1/sessions",
    "/api/v1/sessions/session_a",
    "/api/v1/sessions/session_a/messages",
    "/api/v1/sessions/session_a/export",
    "/api/v1/sessions/session_a/files",
    "/api/v1/sessions/session_a/files/list.csv",
    "/api/v1/sessions/session_a/files/inbox",
    "/api/v1/jobs/job_a",
    "/api/v1/jobs/job_a/cancel",
    "/api/v1/operations",
    "/api/v1/agents",
    "/chat/api/send_message",
    "/chat/api/get_responses",
    "/api/v1/nothing",
]
FOR_ADMINS = [("GET", "/api/v1/sessions")]
FOR_KEYS = [
    "/api/v1/?action=inbox",
    "/api/v1/?action=outbox",
    "/api/v1/?action=ack",
    "/api/v1/?action=nack",
    "/api/v1/?action=extend",
    "/api/v1/?action=redrive",
    "/api/v1/?action=typing",
    "/api/v1/inbox",
    "/api/v1/outbox",
    "/api/v1/inbox?action=responses",
    "/api/v1/inbox?action=messages&limit=1",
    "/api/v1/?action=inbox?limit=5",
    "/api/v1?action=inbox",
    "/api/v1/index.php?action=inbox",
    "//api/v1/?action=inbox",
    "/api/v1/?action=sessions",
    "/api/v1/?action=session_messages",
    "/api/v1/?action=config",
    "/api/v1/?action=cleanup",
    "/api/v1/?action=cleanup_logs",
    "/api/v1/config",
    "/admin/api/config",
    "/admin/api/sessions",
]


METHODS = ["GET", "POST", "OPTIONS", "DELETE"]
OPEN = [(m, path) for path in FOR_VISITORS for m in METHODS if (m, path) not in FOR_ADMINS]


@pytest.mark.parametrize(("method", "path"), OPEN)
def test_visitors_routes_are_open_without_credentials(ada: Caller, path: str, method: str) -> None:
    answer = ada.call(method, path, headers={"Origin": ORIGIN})
    assert answer.headers[ALLOW] == "*"
    assert answer.headers["Access-Control-Allow-Credentials"] is None
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "PUT"])
@pytest.mark.parametrize("path", FOR_KEYS)
def test_keyed_routes_are_closed(charles: Caller, path: str, method: str) -> None:
    assert charles.call(method, path, headers={"Origin": ORIGIN}).headers[ALLOW] is None


def test_reading_all_sessions_is_closed_to_pages(ada: Caller) -> None:
    assert ada.call("GET", "/api/v1/sessions", headers={"Origin": ORIGIN}).headers[ALLOW] is None


@pytest.mark.parametrize("path", FOR_VISITORS[:-1])
def test_preflight_allows_what_pages_send(ada: Caller, path: str) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-session-token",
    }
    answer = ada.call("OPTIONS", path, headers=asked)
    assert answer.status == 200
    assert answer.body == b""
    assert "x-session-token" in answer.headers["Access-Control-Allow-Headers"]
    assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]


def test_without_an_origin_nothing_is_said(ada: Caller) -> None:
    assert ada.call("GET", "/api/v1/operations").headers[ALLOW] is None


def test_narrowed_only_the_named_origins_are_let_in_and_caches_keep_them_apart(
    start_bridge: Callable[..., RunningBridge],
) -> None:
    narrow = caller.visitor(start_bridge(CHAT_BRIDGE_CORS_ORIGINS=ORIGIN))
    for origin, allowed in ((ORIGIN, ORIGIN), ("https://evil.example", None), ("null", None)):
        answer = narrow.call("GET", "/api/v1/operations", headers={"Origin": origin})
        assert answer.headers[ALLOW] == allowed
        assert answer.headers["Vary"] == "Origin, Cookie"
