"""Hostile addresses, headers and half-finished requests."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat_bridge.wsgi import Worker
from tests import contract
from tests.wire.caller import Caller
from tests.wire.test_hostile_bodies import assert_ours

READS = ["responses", "events", "inbox"]
ODD = ["", "abc", "-1", "0", "1e3", "1_0", "９", "9" * 30, "9" * 5_000, "inf", "-inf", "nan",
       "null", "true", "%00", "%ff", "%ed%a0%80", "%F0%9F%98%80", "\\", "'", "..%2f", "{}", "[]",
       "%20", "+", "<script>", "%0d%0aX-Evil:1", "1;DROP", "0x10", "1.5"]  # fmt: skip
PARAMETERS = ["session_id", "since", "cursor", "wait", "limit", "offset", "after_id", "lease",
              "agent", "peek"]  # fmt: skip
TRAVERSALS = ["..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "..", "%2e%2e", "%00", "a%00b", "..%5c..%5c",
              "%2fetc%2fpasswd", "....//", "%252e%252e%252f", "C:%5c", "~", "%c0%ae%c0%ae", "*",
              "a" * 5_000, "%F0%9F%98%80", "'%20OR%201=1--", "bridge.db"]  # fmt: skip
PATHS = [
    "/api/v1/sessions/{}",
    "/api/v1/sessions/{}/messages",
    "/api/v1/sessions/{}/export",
    "/api/v1/sessions/{}/files",
    "/api/v1/sessions/{}/files/list.csv",
    "/api/v1/sessions/SESSION/files/{}",
    "/api/v1/sessions/SESSION/files/{}/preview",
    "/api/v1/jobs/{}",
    "/api/v1/jobs/{}/cancel",
    "/api/v1/{}",
]


@pytest.mark.parametrize("action", READS)
@pytest.mark.parametrize("name", PARAMETERS)
def test_an_odd_value_of_any_parameter_is_answered(
    charles: Caller, session: str, action: str, name: str
) -> None:
    for value in ODD:
        if name == "wait" and action != "inbox" and value not in ("", "abc", "-1", "0", "nan"):
            continue
        query = {"action": action, "session_id": session, "peek": "1", "cursor": "0", name: value}
        path = "/api/v1/?" + "&".join(f"{key}={text}" for key, text in query.items())
        assert_ours(charles.call("GET", path.encode("ascii", "ignore").decode()))


@pytest.mark.parametrize("name", ["action", "session_id", "cursor", "limit", "since", "wait"])
def test_a_repeated_parameter_is_refused(charles: Caller, session: str, name: str) -> None:
    path = f"/api/v1/?action=responses&session_id={session}&cursor=0&limit=1&since=&wait=0&{name}=0"
    answer = charles.call("GET", path)
    assert_ours(answer)
    assert (answer.status, answer.json["error_code"]) == (400, "repeated_parameter")


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_anywhere_else(ada: Caller, session: str, path: str, method: str) -> None:
    for part in TRAVERSALS:
        answer = ada.call(method, path.replace("SESSION", session).format(part))
        assert_ours(answer)
        assert answer.status in (400, 401, 404, 405), (path, part)
        assert b"root:" not in answer.body
        assert b"SQLite format" not in answer.body


@pytest.mark.parametrize(
    "query", [b"action=\xff\xfe", b"\xff=1", b"action=responses&session_id=\xe4", b"\x80", b"a=%zz",
              b"=", b"&&&", b"action", b"action=a=b=c", b"?", b"a" * 4_000]
)  # fmt: skip
def test_raw_bytes_in_the_query_are_answered(ada: Caller, query: bytes) -> None:
    head = b"GET /api/v1/?" + query + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    status = int(ada.raw(head).split()[1])
    assert 400 <= status < 500


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    query=st.dictionaries(
        st.sampled_from([*PARAMETERS[:3], *PARAMETERS[4:]]), st.text(max_size=30), max_size=4
    ),
    action=st.sampled_from(READS),
)
def test_any_query_is_answered(charles: Caller, action: str, query: dict[str, str]) -> None:
    plain = {key: text.encode("utf-8", "replace").decode() for key, text in query.items()}
    assert_ours(charles.get(action, **{"peek": "1", **plain}))


def posted(head: str, body: bytes) -> bytes:
    return (
        f"POST /api/v1/?action=messages HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode() + body
    )


class TestABodyThatIsNotWhatItSays:
    def test_shorter_than_said(self, ada: Caller) -> None:
        answer = ada.raw(posted("Content-Length: 1000\r\n", b'{"message": "hi"}'), close=True)
        assert not answer or 400 <= int(answer.split()[1]) < 500

    def test_longer_than_said(self, ada: Caller, session: str) -> None:
        body = json.dumps({"session_id": session, "message": "hi"}).encode()
        head = f"Content-Length: {len(body)}\r\nConnection: close\r\n"
        answer = ada.raw(posted(head, body + b"GET /evil HTTP/1.1\r\n\r\n"))
        assert answer.count(b"HTTP/1.1 200") == 1

    @pytest.mark.parametrize("length", ["-1", "abc", "1e3", "9" * 30, "1, 2", "0x10"])
    def test_of_no_length(self, ada: Caller, length: str) -> None:
        answer = ada.raw(posted(f"Content-Length: {length}\r\n", b"{}"), close=True)
        assert 400 <= int(answer.split()[1]) < 500

    def test_of_two_lengths(self, ada: Caller) -> None:
        head = "Content-Length: 2\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
        answer = ada.raw(posted(head, b"0\r\n\r\n"), close=True)
        assert 400 <= int(answer.split()[1]) < 500

    def test_in_pieces_is_read_like_any_other(self, ada: Caller, session: str) -> None:
        body = json.dumps({"session_id": session, "message": "in pieces"}).encode()
        chunks = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
        head = "Transfer-Encoding: chunked\r\nConnection: close\r\n"
        assert ada.raw(posted(head, chunks)).startswith(b"HTTP/1.1 200")

    @pytest.mark.parametrize("size", ["zz", "-1", "", "1\r\nxy"])
    def test_in_pieces_that_are_none(self, ada: Caller, session: str, size: str) -> None:
        body = json.dumps({"session_id": session, "message": "in pieces"}).encode()
        head = "Transfer-Encoding: chunked\r\nConnection: close\r\n"
        answer = ada.raw(posted(head, f"{size}\r\n".encode() + body + b"\r\n0\r\n\r\n"), close=True)
        assert 400 <= int(answer.split()[1]) < 500
        assert b'"success":false' in answer

    def test_in_pieces_without_end_is_too_large(self, ada: Caller) -> None:
        chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
        head = "Transfer-Encoding: chunked\r\nConnection: close\r\n"
        answer = ada.raw(posted(head, chunk * 8 + b"0\r\n\r\n"))
        assert answer.startswith(b"HTTP/1.1 413")


def test_who_was_too_slow_is_told_as_ever() -> None:
    head, _, body = object.__new__(Worker).too_slow().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    said = json.loads(body)
    assert (said["success"], said["code"], said["error_code"]) == (False, 408, "too_slow")


def test_ids_in_pieces_are_not_overlooked(charles: Caller) -> None:
    """`redrive` without a body means all; a chunked body has no length and is still one."""
    body = b'{"ids": [999999999]}'
    chunks = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    head = (
        "POST /api/v1/?action=redrive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Authorization: {charles.headers['Authorization']}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    assert charles.raw(head.encode() + chunks).startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer " + "x" * 7_000},
        {"X-Session-Token": "\xff" * 200},
        {"Cookie": "cb_visitor=\xff\xfe; ;;=;cb_visitor"},
        {"Cookie": "cb_visitor=" + "x" * 7_000},
        {"Idempotency-Key": "x" * 5_000},
        {"Idempotency-Key": "\xe4\xf6"},
        {"Content-Type": "application/json; charset=utf-7"},
        {"Content-Type": "multipart/form-data; boundary=" + "x" * 3_000},
        {"User-Agent": "\xff" * 3_000},
        {"Last-Event-ID": "abc"},
        {"Accept": "*/*;q=abc"},
        {"Range": "bytes=5-1"},
        {"Expect": "200-nothing"},
        {"X-Forwarded-For": "1.2.3.4, evil"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Accept-Language": "x" * 5_000},
    ],
    ids=lambda headers: str(headers)[:40],
)
def test_hostile_headers_are_answered(ada: Caller, session: str, headers: dict[str, str]) -> None:
    body = json.dumps({"session_id": session, "message": "hi"})
    kind = {"Content-Type": "application/json", **headers}
    assert ada.call("POST", "/api/v1/?action=messages", body, headers=kind).status < 500
    path = f"/api/v1/?action=events&session_id={session}&cursor=0"
    assert ada.call("GET", path, headers=headers).status < 500


LONG = "x" * 9_000


@pytest.mark.parametrize(
    ("request_line", "header", "status", "code"),
    [
        (f"GET /api/v1/?action=responses&session_id={LONG} HTTP/1.1", "", 414, "address_too_long"),
        ("GET /api/v1/ HTTP/1.1", f"X-Long: {LONG}", 431, "headers_too_large"),
        ("GET /api/v1/ HTTP/1.1", "No colon", 400, "bad_request"),
        ("GET /api/v1/ HTTP/9", "", 400, "bad_request"),
        ("hello", "", 400, "bad_request"),
    ],
)
def test_what_is_no_http_is_refused_as_json(
    ada: Caller, request_line: str, header: str, status: int, code: str
) -> None:
    lines = [request_line, "Host: x", *filter(None, [header]), "", ""]
    head, _, body = ada.raw("\r\n".join(lines).encode()).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: application/json" in head
    contract.check("GET", "/api/v1/", status, "application/json", body)
    assert (json.loads(body)["code"], json.loads(body)["error_code"]) == (status, code)
    assert b"xxx" not in body
