"""Limits on a server that has them, with quotas small enough to reach."""

import re
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.cli.programs import run
from tests.servers import RunningBridge, serving
from tests.wire import caller
from tests.wire.caller import Answer, Caller

START = Callable[..., RunningBridge]
ADDRESSES = count(1)
FIELD = re.compile(r'"(\w+)";r=(\d+);t=(\d+)')


def assert_refused(answer: Answer) -> None:
    assert (answer.status, answer.error) == (429, "Rate limit exceeded")
    body = answer.json
    assert (body["code"], body["error_code"]) == (429, "rate_limited")
    assert 1 <= body["retry_after"] <= 60
    assert answer.headers["Retry-After"] == str(body["retry_after"])


def wrong(bridge: RunningBridge, key: str = "wrong-key") -> Caller:
    return Caller(bridge.port, {"Authorization": f"Bearer {key}"})


def test_the_defaults_let_old_clients_work(start_bridge: START) -> None:
    """A burst of 50 messages, a page that polls fast, a plugin in a hurry."""
    bridge = start_bridge()
    ada, plugin = caller.visitor(bridge), caller.agent(bridge)
    assert [ada.say("session_burst", f"{n}").status for n in range(50)] == [200] * 50
    polls = [ada.get("responses", session_id="session_burst").status for _ in range(60)]
    assert polls == [200] * 60
    assert [plugin.get("inbox", limit=1, offset=0).status for _ in range(30)] == [200] * 30


def test_a_quota_is_kept_by_all_processes_and_told(start_bridge: START) -> None:
    bridge = start_bridge(CHAT_BRIDGE_LIMIT_MESSAGES="8/minute", CHAT_BRIDGE_WEB_WORKERS="4")
    ada = caller.visitor(bridge)
    answers = [ada.say("session_quota", f"{n}") for n in range(12)]
    assert [answer.status for answer in answers] == [200] * 8 + [429] * 4
    assert_refused(answers[-1])
    assert answers[0].headers["RateLimit-Policy"] == '"messages";q=8;w=60'
    found = [FIELD.fullmatch(answer.headers["RateLimit"]) for answer in answers]
    told = [match.groups() for match in found if match]
    assert [int(left) for _, left, _ in told] == [7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0]
    assert all(name == "messages" and 50 <= int(seconds) <= 60 for name, _, seconds in told)
    for path, body in (
        ("/chat/api/send_message", {"session_id": "a", "message": "hi"}),
        ("/api/v1/messages", {"session_id": "session_a", "message": "hi"}),
        ("/api/v1/sessions", {}),
    ):
        kind = {"Content-Type": "application/json"}
        assert_refused(ada.call("POST", path, body, headers=kind))
    assert ada.get("responses", session_id="session_quota").status == 200
    assert ada.call("OPTIONS", "/api/v1/?action=messages").status == 200


def test_each_kind_has_its_quota_and_health_and_answers_have_none(start_bridge: START) -> None:
    bridge = start_bridge(
        CHAT_BRIDGE_LIMIT_READS="3/minute",
        CHAT_BRIDGE_LIMIT_AGENTS="4/minute",
        CHAT_BRIDGE_LIMIT_ADMIN="5/minute",
        CHAT_BRIDGE_LIMIT_UPLOADS="2/minute",
    )
    ada, plugin, admin = (who(bridge) for who in (caller.visitor, caller.agent, caller.admin))
    ada.say("session_kinds", "hi")

    def allowed(call: Callable[[], Answer]) -> int:
        return [call().status for _ in range(10)].count(200)

    assert allowed(lambda: ada.get("responses", session_id="session_kinds")) == 3
    assert ada.call("GET", "/api/v1/operations").status == 429
    assert allowed(lambda: ada.upload("session_kinds", "list.csv", b"a,b\n1,2\n")) == 2
    # The first request of a key is counted for its address: nobody knows yet that it is one.
    assert allowed(lambda: plugin.get("inbox", peek=1)) in (5, 6)
    assert allowed(lambda: admin.get("config")) in (6, 7)
    assert allowed(lambda: ada.call("GET", "/api/v1/health")) == 10
    # What an agent answers is never refused, whatever else it may not do any more.
    assert [plugin.reply("session_kinds", f"{n}").status for n in range(30)] == [200] * 30


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    """One process, so that it is known which keys it has seen, behind a proxy: each test calls
    from an address of its own."""
    with serving(
        tmp_path_factory.mktemp("strict"), CHAT_BRIDGE_RATE_LIMITS="on",
        CHAT_BRIDGE_LIMIT_MESSAGES="2/minute", CHAT_BRIDGE_LIMIT_WRONG_KEYS="3/minute",
        CHAT_BRIDGE_TRUSTED_HOPS="1", CHAT_BRIDGE_WEB_WORKERS="1",
    ) as running:  # fmt: skip
        yield running


def test_operations_draw_on_what_visitors_may_write(strict: RunningBridge) -> None:
    """Of this machine, as no proxy speaks for anybody."""
    ada = caller.visitor(strict)
    asked = [ada.call("POST", path) for path in ("/csv/info", "/excel/info", "/csv/search")]
    assert [answer.status for answer in asked] == [422, 422, 429]
    assert asked[0].headers["RateLimit-Policy"] == '"messages";q=2;w=60'
    assert_refused(asked[-1])


def test_a_long_poll_counts_once(start_bridge: START) -> None:
    bridge = start_bridge(CHAT_BRIDGE_LIMIT_AGENTS="3/minute")
    plugin = caller.agent(bridge)
    assert [plugin.get("inbox", wait=0.3).status for _ in range(2)] == [200, 200]


class TestWrongKeys:
    @pytest.fixture
    def calling(self, strict: RunningBridge) -> Callable[..., Caller]:
        """Somebody at an address that nobody has called from, with a key or none."""
        there = {"X-Forwarded-For": f"203.0.113.{next(ADDRESSES)}"}

        def with_key(key: str = "") -> Caller:
            shown = {"Authorization": f"Bearer {key}"} if key else {}
            return Caller(strict.port, there | shown)

        return with_key

    @pytest.mark.parametrize("path", ["?action=inbox", "?action=config", "inbox"])
    def test_close_the_door(
        self, strict: RunningBridge, calling: Callable[..., Caller], path: str
    ) -> None:
        guesser = calling("wrong-key")
        answers = [guesser.call("GET", f"/api/v1/{path}") for _ in range(6)]
        assert [answer.status for answer in answers] == [401] * 3 + [429] * 3
        assert_refused(answers[-1])
        # Right, but it might be a guess: no test lets this process see it.
        assert_refused(calling(strict.admin_key).get("config"))

    def test_never_lock_out_an_agent_at_work(
        self, strict: RunningBridge, calling: Callable[..., Caller]
    ) -> None:
        ada, plugin = calling(), calling(strict.agent_key)
        ada.say("session_locked", "hi")
        assert plugin.get("inbox", limit=50).status == 200
        assert [calling("wrong-key").post("outbox", {}).status for _ in range(5)][-1] == 429
        assert plugin.reply("session_locked", "Hello").status == 200
        assert plugin.get("inbox", limit=50).status == 200
        assert ada.say("session_locked", "and again").status == 200

    def test_never_lock_out_a_key_that_was_made(
        self, strict: RunningBridge, calling: Callable[..., Caller]
    ) -> None:
        made = run("key", "new", "Mary", env=strict.environment).stdout.strip()
        calling().say("session_made", "hi")
        for number in range(6):
            last = calling(made[:-4] + f"{number:04}").post("outbox", {})
        assert last.status == 429
        assert calling(made).reply("session_made", "Hello").status == 200


def test_turned_off_there_are_none(bridge: RunningBridge, ada: Caller, session: str) -> None:
    answer = ada.get("responses", session_id=session)
    assert answer.headers["RateLimit"] is None
    assert [wrong(bridge).get("inbox").status for _ in range(30)] == [401] * 30
