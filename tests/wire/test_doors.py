"""A server with a name of its own, one socket for each caller and few guesses: what the door
refuses, and in which words."""

from collections.abc import Iterator

import pytest
import websocket

from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Answer, Caller

NAME = "chat.example.org"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    running = RunningBridge(
        tmp_path_factory.mktemp("strict"),
        {
            "CHAT_BRIDGE_PUBLIC_URL": f"https://{NAME}",
            "CHAT_BRIDGE_TRUSTED_HOSTS": "intern.example.org",
            "CHAT_BRIDGE_MAX_SOCKETS_PER_IP": "1",
            "CHAT_BRIDGE_WEB_WORKERS": "1",
            "CHAT_BRIDGE_LIMIT_UNKNOWN_SESSIONS": "5/minute",
        },
    )
    running.start()
    yield running
    running.stop()


@pytest.fixture
def grace(strict: RunningBridge) -> Caller:
    return caller.visitor(strict)


class TestAHostName:
    @pytest.mark.parametrize(
        "host",
        [NAME, f"{NAME}:443", "intern.example.org", "127.0.0.1:1", "localhost", "[::1]:8001"],
    )
    def test_of_ours_is_answered(self, grace: Caller, host: str) -> None:
        answer = grace.call("GET", "/api/v1/health", headers={"Host": host})
        assert answer.status == 200

    @pytest.mark.parametrize("host", ["evil.example", f"{NAME}.evil.example", f"evil{NAME}", ""])
    @pytest.mark.parametrize("path", ["/api/v1/health", "/", "/static/x", "/api/v1/nothing", "/ws"])
    def test_of_somebody_else_is_refused(self, grace: Caller, host: str, path: str) -> None:
        answer = grace.call("GET", path, headers={"Host": host})
        assert (answer.status, answer.json["error_code"]) == (400, "untrusted_host")


def assert_full(answer: Answer) -> None:
    assert (answer.status, answer.json["error_code"]) == (429, "rate_limited")
    assert int(answer.headers["Retry-After"]) == answer.json["retry_after"] >= 1


def socket(strict: RunningBridge, session: str, cookie: str | None = None) -> websocket.WebSocket:
    return websocket.create_connection(
        f"ws://127.0.0.1:{strict.port}/ws?session_id={session}",
        cookie=cookie,
        origin=f"http://127.0.0.1:{strict.port}",
        timeout=2,
    )


def test_a_poll_that_finds_no_place_to_wait_is_told_when_to_come_back(
    strict: RunningBridge, grace: Caller
) -> None:
    grace.say("session_full", "hi")  # to an agent that is silent: a command would go on telling
    cursor = grace.call("GET", "/api/v1/sessions/session_full").data["cursor"]
    query = {"session_id": "session_full", "cursor": cursor}
    ws = socket(strict, "session_full")
    try:
        assert '"ready"' in ws.recv()
        for action in ("events", "responses"):
            assert_full(grace.get(action, **query, wait=1))
            assert grace.get(action, **query).status == 200
        assert_full(caller.agent(strict).get("inbox", after_id=10**9, wait=1))
    finally:
        ws.close()
    for _ in range(100):
        answer = grace.get("events", **query, wait=0.05)
        if answer.status == 200:
            break
    assert answer.status == 200


@pytest.mark.parametrize(("name", "let_in"), [("__Host-cb_visitor", True), ("cb_visitor", False)])
def test_a_socket_reads_the_cookie_that_our_pages_set(
    strict: RunningBridge, grace: Caller, name: str, let_in: bool
) -> None:
    secret = "c" * 43
    cookie = {"Cookie": f"__Host-cb_visitor={secret}"}
    session = grace.call("POST", "/api/v1/sessions", {}, headers=cookie).data["session_id"]
    ws = socket(strict, session, f"{name}={secret}")
    try:
        if let_in:
            assert '"ready"' in ws.recv()
        else:
            ws.settimeout(0.3)
            with pytest.raises(websocket.WebSocketTimeoutException):
                ws.recv()
    finally:
        ws.close()


def test_guessing_ids_ends(strict: RunningBridge, grace: Caller) -> None:
    """Whoever guessed too often is told nothing of ids it has not read before, known or not."""
    for name in ("session_mine", "session_others"):
        grace.say(name, "hi", agent_id="sheets")
    mine = {"session_id": "session_mine"}
    assert grace.get("responses", **mine).status == 200
    for _ in range(10):  # an old page asks for its own id before it writes
        assert grace.get("responses", session_id="session_not_yet").status == 200
    guesses = [grace.get("responses", session_id=f"session_guess{n}") for n in range(8)]
    assert [answer.status for answer in guesses] == [200] * 4 + [429] * 4
    assert_full(guesses[-1])
    assert_full(grace.call("GET", "/api/v1/sessions/session_others"))
    assert_full(grace.call("GET", "/api/v1/sessions/session_nobody"))
    assert grace.get("responses", **mine).status == 200
    assert grace.say("session_fresh", "hi", agent_id="sheets").status == 200
    opened = grace.call("POST", "/api/v1/sessions", {}).data
    owner = Caller(strict.port, {"X-Session-Token": opened["session_token"]})
    assert owner.call("GET", f"/api/v1/sessions/{opened['session_id']}").status == 200
    assert caller.agent(strict).call("GET", "/api/v1/sessions/session_others").status == 200
