"""The client against a server that breaks off, refuses and loses answers."""

import http.client
import socket
import threading
import time

import pytest

from chat_bridge.client import (
    BadAnswer,
    Client,
    ClientClosed,
    ConnectionFailed,
    InboxMessage,
    LeaseLost,
    NotFound,
    RateLimited,
    Retry,
    ServerFailed,
    Unauthenticated,
    transport,
)
from tests.client.scripted import (
    Act,
    Handler,
    data,
    event_stream,
    half_answer,
    lost_answer,
    raw,
    refusal,
    serving,
)
from tests.patience import LONG, await_true

QUICK = Retry(attempts=3, first=0.01, longest=1.0)
KEY = "cbk_a-key-of-alice"
MESSAGE = InboxMessage(
    id=7,
    session_id="session_bob",
    text="Where is my order?",
    timestamp="2026-11-21T09:30:00.000Z",
    uid="bob",
    receipt="r7_x",
    attempt=1,
    lease_expires_at=None,
    agent="default",
)
EMPTY = data(messages=[])
POSTED = data(response_id=1, session_id="session_bob", timestamp="2026-11-21T09:30:01.000Z")


def client_of(url: str, retry: Retry = QUICK) -> Client:
    return Client(url, KEY, timeout=5, retry=retry)


def close_when(asked: threading.Event, client: Client) -> None:
    asked.wait(LONG)
    client.close()


def test_calls_share_one_kept_connection() -> None:
    with serving(EMPTY, EMPTY, refusal(404, "not_found"), EMPTY) as server:
        with client_of(server.url) as client:
            client.inbox(wait=0)
            client.inbox(wait=0)
            with pytest.raises(NotFound):
                client.inbox(wait=0)
            client.inbox(wait=0)
        assert len({seen.connection for seen in server.seen}) == 1


def test_a_connection_the_server_closed_meanwhile_is_not_used_again() -> None:
    def answer_and_close(handler: Handler) -> None:
        EMPTY(handler)
        handler.close_connection = True

    never = Retry(attempts=1)
    with serving(answer_and_close, EMPTY) as server, client_of(server.url, never) as client:
        client.inbox(wait=0)
        (kept,) = client._transport._idle
        await_true(lambda: transport._readable(kept))
        client.inbox(wait=0)
        assert len({seen.connection for seen in server.seen}) == 2


@pytest.mark.parametrize(
    "trouble",
    [lost_answer, half_answer, refusal(503, "unavailable"), refusal(502, ""), refusal(504, "")],
    ids=["lost answer", "half an answer", "503", "502", "504"],
)
def test_a_reply_is_tried_again_under_the_same_key(trouble: Act) -> None:
    with serving(trouble, POSTED) as server, client_of(server.url) as client:
        assert client.reply(MESSAGE, "On its way.").response_id == 1
        first, second = server.seen
        assert first.body == second.body
        assert first.json["idempotency_key"]


def test_a_second_answer_to_the_same_message_has_a_key_of_its_own() -> None:
    with serving(POSTED, POSTED) as server, client_of(server.url) as client:
        client.reply(MESSAGE, "On its way.")
        client.reply(MESSAGE, "It will arrive tomorrow.")
        keys = [seen.json["idempotency_key"] for seen in server.seen]
        assert keys[0] != keys[1]


def test_retry_after_is_waited_for() -> None:
    slow_down = refusal(429, "rate_limited", Retry_After="1")
    with serving(slow_down, EMPTY) as server, client_of(server.url) as client:
        started = time.monotonic()
        client.inbox(wait=0)
        assert time.monotonic() - started >= 1.0


def test_a_retry_after_beyond_our_patience_is_told_to_the_caller() -> None:
    slow_down = refusal(429, "rate_limited", Retry_After="3600")
    with serving(slow_down) as server, client_of(server.url) as client:
        with pytest.raises(RateLimited) as caught:
            client.inbox(wait=0)
        assert caught.value.retry_after == 3600
        assert caught.value.status == 429


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "invalid_key", Unauthenticated),
        (409, "lease_lost", LeaseLost),
        (500, "internal_error", ServerFailed),
    ],
)
def test_what_cannot_get_better_is_asked_once(
    status: int, code: str, kind: type[Exception]
) -> None:
    with serving(refusal(status, code)) as server, client_of(server.url) as client:
        with pytest.raises(kind, match=code) as caught:
            client.ack(MESSAGE)
        assert caught.type is kind
        assert len(server.seen) == 1


def test_nobody_listening_is_a_connection_failed_after_all_attempts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with (
        client_of(f"http://127.0.0.1:{port}") as client,
        pytest.raises(ConnectionFailed, match=str(port)),
    ):
        client.inbox(wait=0)


@pytest.mark.parametrize("body", [b"<html>nginx</html>", b'"text"', b'{"success": true}'])
def test_an_answer_that_is_not_the_bridges_says_so(body: bytes) -> None:
    with (
        serving(raw(body)) as server,
        client_of(server.url) as client,
        pytest.raises(BadAnswer),
    ):
        client.inbox(wait=0)


def test_close_ends_a_call_under_way() -> None:
    asked, answer = threading.Event(), threading.Event()

    def hold(handler: Handler) -> None:
        asked.set()
        handler.close_when(answer)

    with serving(hold) as server:
        client = client_of(server.url)
        closer = threading.Thread(target=close_when, args=(asked, client))
        closer.start()
        with pytest.raises(ClientClosed):
            client.inbox(wait=30)
        assert not answer.is_set()
        answer.set()
        closer.join()


def test_close_ends_a_call_that_is_only_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    connecting, closed, answer = threading.Event(), threading.Event(), threading.Event()
    connect = http.client.HTTPConnection.connect

    def slowly(connection: http.client.HTTPConnection) -> None:
        connecting.set()
        closed.wait(LONG)
        connect(connection)

    monkeypatch.setattr(http.client.HTTPConnection, "connect", slowly)
    with serving(lambda handler: handler.close_when(answer)) as server:
        client = client_of(server.url)

        def close() -> None:
            close_when(connecting, client)
            closed.set()

        closer = threading.Thread(target=close)
        closer.start()
        with pytest.raises(ClientClosed):
            client.inbox(wait=30)
        assert server.seen == []
        answer.set()
        closer.join()


def test_close_ends_a_stream_whose_connection_is_not_kept() -> None:
    """Its answer is all that is left of the connection by then."""
    answer, opening = (
        threading.Event(),
        {"seq": 3, "session_id": "session_bob", "kind": "typing", "data": {}},
    )

    def begin(handler: Handler) -> None:
        event_stream(opening)(handler)
        handler.close_when(answer)

    with serving(begin) as server:
        client = client_of(server.url)
        events = client.events("session_bob", cursor="2")
        assert next(events).seq == 3
        closer = threading.Thread(target=client.close)
        closer.start()
        with pytest.raises(ClientClosed):
            next(events)
        answer.set()
        closer.join()


def test_the_key_speaks_for_the_agent_and_the_token_for_the_visitor() -> None:
    opened = data(session_id="session_bob", chat_id="c", session_token="secret", uid="bob")
    page = data(session_id="session_bob", responses=[], cursor="4")
    with serving(opened, page, POSTED) as server, client_of(server.url) as client:
        client.open_session()
        assert client.responses("session_bob").cursor == "4"
        client.reply(MESSAGE, "Hello Bob")
        _, read, replied = server.seen
        assert read.headers["X-Session-Token"] == "secret"
        assert "Authorization" not in read.headers
        assert replied.headers["Authorization"] == f"Bearer {KEY}"


def test_an_address_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="localhost:8001"):
        Client("localhost:8001")
