"""One success shape, one error shape, and codes that never change."""

import inspect
import json
import re
from typing import Any

import pytest

from chat_bridge import errors
from chat_bridge.api import explain
from chat_bridge.api.envelope import failure, success
from chat_bridge.errors import BridgeError
from tests.wire.caller import Caller

KINDS = sorted(
    {kind for _, kind in inspect.getmembers(errors, inspect.isclass)
     if issubclass(kind, BridgeError)},
    key=lambda kind: kind.__name__,
)  # fmt: skip
COMMON = {"success", "message", "data", "timestamp", "status_code", "meta", "total"}
FAILED = COMMON | {"error", "code", "error_code", "details"}
PROMISED = {
    "missing_action": 400,
    "invalid_action": 400,
    "invalid_json": 400,
    "missing_fields": 400,
    "missing_session_id": 400,
    "invalid_session_id": 400,
    "invalid_message": 400,
    "invalid_session": 400,
    "invalid_field": 400,
    "repeated_parameter": 400,
    "authentication_required": 401,
    "invalid_key": 401,
    "session_token_required": 401,
    "forbidden": 403,
    "missing_scope": 403,
    "not_found": 404,
    "session_not_found": 404,
    "job_not_found": 404,
    "file_not_found": 404,
    "agent_not_found": 404,
    "message_not_found": 404,
    "method_not_allowed": 405,
    "idempotency_conflict": 409,
    "lease_lost": 409,
    "job_finished": 409,
    "job_running": 409,
    "cursor_expired": 410,
    "too_large": 413,
    "unsupported_media_type": 415,
    "unknown_command": 422,
    "unsupported_file_type": 422,
    "rate_limited": 429,
    "internal_error": 500,
    "unavailable": 503,
    "database_busy": 503,
    "insufficient_storage": 507,
}


def body_of(error: BridgeError) -> dict[str, Any]:
    answer = failure(error)
    assert answer.status_code == error.status
    assert answer.content_type == "application/json"
    body = json.loads(answer.get_data())
    assert isinstance(body, dict)
    return body


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_has_the_one_shape(kind: type[BridgeError]) -> None:
    body = body_of(kind())
    assert body.keys() - {"retry_after"} == FAILED
    assert body["success"] is False
    assert body["code"] == body["status_code"] == kind.status
    assert body["error_code"] == kind.code
    assert body["error"] == body["message"]
    assert body["error"]
    assert body["data"] == {"error_type": kind.__name__, "details": body["details"]}
    assert ("retry_after" in body) == (kind.status in (429, 503, 507))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_is_a_word_and_a_sentence(kind: type[BridgeError]) -> None:
    assert re.fullmatch(r"[a-z][a-z_]+[a-z]", kind.code)
    assert 400 <= kind.status <= 599
    assert kind.text[0].isupper() or kind.text[0] in "'{/"


def test_a_word_means_one_thing() -> None:
    meant: dict[str, type[BridgeError]] = {}
    for kind in KINDS:
        assert meant.setdefault(kind.code, kind) in (kind, *kind.__mro__), kind


def test_promised_words_keep_their_status() -> None:
    known = {kind.code: kind.status for kind in KINDS}
    assert {code: known.get(code) for code in PROMISED} == PROMISED


def test_facts_travel_as_details() -> None:
    body = body_of(errors.LeaseLost(message_id=7, receipt="r7_x"))
    assert body["details"] == {"message_id": 7, "receipt": "r7_x"}
    assert "message 7" in body["error"]


@pytest.mark.parametrize("status", [429, 503, 507])
def test_try_again_is_said_in_the_header_too(status: int) -> None:
    kind = next(kind for kind in KINDS if kind.status == status)
    answer = failure(kind())
    assert answer.headers["Retry-After"] == str(json.loads(answer.get_data())["retry_after"])


def test_success_has_the_one_shape() -> None:
    body = json.loads(success({"a": 1}, total=3).get_data())
    assert body.keys() == COMMON
    assert (body["success"], body["message"], body["total"]) == (True, "Success", 3)
    assert body["meta"].keys() == {"api_version", "locale", "request_id", "requested_time"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body["timestamp"])


def test_an_accident_says_nothing_of_our_inside(caplog: pytest.LogCaptureFixture) -> None:
    answer = explain(ZeroDivisionError("/srv/secret/path"))
    assert answer.status_code == 500
    assert b"secret" not in answer.get_data()
    assert "ZeroDivisionError: /srv/secret/path" in caplog.text


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/v1/operations"), ("GET", "/api/v1/agents"), ("GET", "/api/v1/health"),
     ("GET", "/api/v1/nothing"), ("PUT", "/api/v1/"), ("GET", "/api/v1/?action=inbox")],
)  # fmt: skip
def test_every_answer_has_its_headers(ada: Caller, method: str, path: str) -> None:
    answer = ada.call(method, path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Request-Id"] == answer.json["meta"]["request_id"]
    assert answer.headers["Set-Cookie"] is None
