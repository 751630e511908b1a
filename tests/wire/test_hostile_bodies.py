"""T31-T36: whatever a body holds, the answer is ours, is JSON, and is never a 5xx."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.wire.caller import Answer, Caller

ACTIONS = ["messages", "ack", "nack", "extend", "redrive", "outbox", "typing"]
FIELDS = ["session_id", "message", "response", "client_msg_id", "idempotency_key", "agent_id",
          "attachments", "message_id", "kind", "metadata", "timestamp", "receipts", "receipt",
          "ids", "delay", "lease", "reason", "seconds", "reply"]  # fmt: skip
WRONG: list[Any] = [
    None, True, False, 0, -1, 1.5, 2**62, -(2**62), 1e308, "", " ", "x", "x" * 300, "\u202e", "²",
    "9" * 40, "\ud800", "a\0b", [], [[]], [1], ["x"], ["\ud800"], ["a\0"], [None], [True], [1.5],
    [2**63], [10**30], ["9" * 40], [{"a": "\udfff"}], [["\ud800"]], ["x"] * 101, {}, {"a": 1},
    {"a": [10**30]}, {"a": ["\ud800"]}, {"a": [[["\0"]]]}, {"\ud800": 1}, {"$ne": None},
]  # fmt: skip
DEEP = "[" * 100_000 + "]" * 100_000
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "blank": b"   ",
    "word": b"hello",
    "cut off": b'{"session_id": "session_a", "mess',
    "list": b"[1, 2, 3]",
    "text": b'"hello"',
    "number": b"42",
    "null": b"null",
    "true": b"true",
    "two values": b"{} {}",
    "comment": b'{"message": "hi" /* no */}',
    "single quotes": b"{'message': 'hi'}",
    "trailing comma": b'{"message": "hi",}',
    "NaN": b'{"message": NaN}',
    "Infinity": b'{"message": Infinity}',
    "minus Infinity": b'{"message": -Infinity}',
    "1e999": b'{"message": 1e999}',
    "1e999 in a list": b'{"session_id": "session_a", "metadata": {"a": [1e999]}}',
    "minus 1e999": b'{"seconds": -1e999}',
    "huge integer": b'{"message_id": ' + b"9" * 4_000 + b"}",
    "huger integer": b'{"message_id": ' + b"9" * 5_000 + b"}",
    "2**63": b'{"message_id": 9223372036854775808}',
    "deep list": DEEP.encode(),
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "17 deep": b'{"a":' * 17 + b"1" + b"}" * 17,
    "17 deep after many texts": b'{"t": "[[[[", "a": ' + b"[" * 17 + b"]" * 17 + b"}",
    "unclosed": b"{" * 200_000,
    "repeated key": b'{"message": "a", "message": "b"}',
    "repeated key inside": b'{"metadata": {"a": 1, "a": 2}}',
    "many keys": json.dumps({str(n): n for n in range(1_000)}).encode(),
    "NUL": b'{"message": "a\\u0000b"}',
    "raw NUL": b'{"message": "a\0b"}',
    "raw control": b'{"message": "a\x01b"}',
    "lone surrogate": b'{"message": "\\ud800"}',
    "lone low surrogate": b'{"message": "\\udfff"}',
    "reversed pair": b'{"message": "\\udc00\\ud800"}',
    "surrogate bytes": b'{"message": "\xed\xa0\x80"}',
    "UTF-16": '{"message": "hi"}'.encode("utf-16"),
    "UTF-16 without BOM": '{"message": "hi"}'.encode("utf-16-le"),
    "UTF-32": '{"message": "hi"}'.encode("utf-32"),
    "BOM": b'\xef\xbb\xbf{"message": "hi"}',
    "Latin-1": '{"message": "Müller"}'.encode("latin-1"),
    "overlong": b'{"message": "\xc0\xaf"}',
    "random": bytes(range(256)) * 4,
    "gzip": b"\x1f\x8b\x08" + b"\0" * 50,
    "form": b"session_id=session_a&message=hi",
    "xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "prototype": b'{"__proto__": {"admin": true}, "constructor": 1}',
    "oversize": b'{"message": "' + b"x" * 300_000 + b'"}',
}


def assert_ours(answer: Answer) -> None:
    assert answer.status < 500, answer.body
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json
    assert body["success"] is (answer.status == 200)
    assert body["status_code"] == answer.status
    assert len(body["meta"]["request_id"]) == 32
    if answer.status != 200:
        assert body["code"] == answer.status
        assert body["error"] == body["message"]
        assert body["error_code"]
        assert "Traceback" not in answer.body.decode()


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_answered(charles: Caller, action: str, name: str) -> None:
    answer = charles.post(action, BODIES[name])
    assert_ours(answer)
    if action in ("messages", "outbox"):
        assert answer.status in (400, 413)


@pytest.mark.parametrize("name", BODIES)
def test_opening_a_session_takes_no_hostile_body(ada: Caller, name: str) -> None:
    assert_ours(ada.call("POST", "/api/v1/sessions", BODIES[name]))


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("field", FIELDS)
def test_a_wrong_type_in_any_field_is_answered(
    charles: Caller, session: str, action: str, field: str
) -> None:
    good = {"session_id": session, "message": "hi", "response": "hi", "ids": [1]}
    for value in WRONG:
        assert_ours(charles.post(action, {**good, field: value}))
    for path in (
        f"?action=responses&session_id={session}",
        f"?action=events&session_id={session}&cursor=0",
        f"sessions/{session}/messages",
        f"sessions/{session}/export?format=html",
    ):
        assert charles.call("GET", f"/api/v1/{path}").status in (200, 403), path


texts = st.text(max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)
names = st.sampled_from(FIELDS) | texts
FUZZED = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FUZZED
@given(action=st.sampled_from(ACTIONS), body=st.dictionaries(names, values, max_size=6))
def test_any_object_is_answered(
    charles: Caller, session: str, action: str, body: dict[str, Any]
) -> None:
    content = json.dumps({"session_id": session, **body}).encode("utf-8", "surrogatepass")
    assert_ours(charles.post(action, content))


@FUZZED
@given(action=st.sampled_from(ACTIONS), body=st.binary(max_size=200))
def test_any_bytes_are_answered(charles: Caller, action: str, body: bytes) -> None:
    assert_ours(charles.post(action, body))


@FUZZED
@given(metadata=st.dictionaries(texts | st.just("attachments"), values, max_size=4))
def test_whatever_metadata_was_taken_can_be_read_again(
    ada: Caller, charles: Caller, session: str, metadata: dict[str, Any]
) -> None:
    assert_ours(charles.reply(session, "hi", metadata=metadata))
    answer = ada.get("events", session_id=session, cursor=0)
    assert_ours(answer)
    assert answer.status == 200


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity, gzip", "x" * 500])
def test_a_coded_body_is_refused(ada: Caller, session: str, coding: str) -> None:
    body = json.dumps({"session_id": session, "message": "hi"})
    headers = {"Content-Encoding": coding}
    answer = ada.call("POST", "/api/v1/?action=messages", body, headers=headers)
    assert_ours(answer)
    assert answer.status == 415


def test_an_oversized_body_is_refused_by_its_size(charles: Caller, session: str) -> None:
    small = charles.say(session, "x", padding="y" * (256 << 10))
    assert (small.status, small.json["error_code"]) == (413, "too_large")
    assert "256 KB" in small.error
    assert charles.reply(session, "x" * (2 << 20)).status == 413
    assert charles.reply(session, "x" * (1 << 20)).status == 200
