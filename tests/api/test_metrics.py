"""What Prometheus reads: right over all processes, for who may, and bounded."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.programs import run
from tests.faults.served import web_processes
from tests.faults.test_kill import kill
from tests.patience import await_true
from tests.servers import RunningBridge
from tests.wire import caller
from tests.wire.caller import Caller
from tests.wire.test_waiting import Stream

Series = dict[tuple[str, frozenset[str]], float]
DOCS = Path(__file__).parents[2] / "docs" / "deploy.md"


def scraped(who: Caller) -> Series:
    answer = who.call("GET", "/metrics")
    assert answer.status == 200
    assert answer.headers.get_content_type() == "text/plain"
    return {
        (sample.name.removeprefix("chat_bridge_"), frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


def at(found: Series, name: str, *labels: str) -> float:
    return found.get((name, frozenset(labels)), 0)


@pytest.fixture
def four(start_bridge: Callable[..., RunningBridge]) -> RunningBridge:
    return start_bridge(CHAT_BRIDGE_WEB_WORKERS="4", CHAT_BRIDGE_RATE_LIMITS="off")


def test_every_request_of_four_processes_is_counted(four: RunningBridge) -> None:
    ada, plugin = caller.visitor(four), caller.agent(four)
    with ThreadPoolExecutor(8) as pool:
        said = pool.map(lambda n: ada.say(f"session_{n % 8}", f"{n}").status, range(200))
        assert set(said) == {200}
    assert plugin.get("inbox", limit=3, lease=30).status == 200
    assert caller.visitor(four).get("inbox").status == 401
    found = scraped(ada)
    assert at(found, "http_requests_total", "POST", "action messages", "200") == 200
    assert at(found, "http_request_seconds_count", "action messages") == 200
    assert at(found, "http_requests_total", "GET", "action inbox", "401") == 1
    assert at(found, "stored", "messages") == 200
    assert at(found, "stored", "sessions") == 8
    assert at(found, "messages", "leased") == 3
    assert at(found, "messages", "pending") == 197
    assert 0 < at(found, "oldest_message_seconds") < 60
    assert at(found, "processes", "web") == 4
    assert at(found, "processes", "worker") == 1
    assert at(found, "disk_free_bytes") > 0
    assert at(found, "database_bytes", "database") > 0


def test_what_waits_is_counted_over_processes_and_forgotten_with_them(
    four: RunningBridge,
) -> None:
    ada = caller.visitor(four)
    ada.say("session_open", "Hello")
    held = [Stream(four.port, "session_open") for _ in range(6)]
    await_true(lambda: at(scraped(ada), "open_connections", "web") == 6)
    kill(*web_processes(four))
    await_true(lambda: at(scraped_again(ada), "open_connections", "web") == 0)
    for one in held:
        one.close()


def scraped_again(who: Caller) -> Series:
    try:
        return scraped(who)
    except (OSError, HTTPException):
        return {("open_connections", frozenset({"web"})): -1}


def test_what_callers_make_up_makes_no_series(bridge: RunningBridge) -> None:
    ada = caller.visitor(bridge)
    for path in ("/api/v1/?action=made-up", "/made/up", "/api/v1/sessions/session_made_up"):
        ada.call("GET", path)
    ada.call("BREW", "/api/v1/health")
    text = ada.call("GET", "/metrics").body.decode()
    for invented in ("made", "BREW"):
        assert invented not in text, invented


class TestWhoMayRead:
    def test_nobody_through_a_proxy(self, bridge: RunningBridge) -> None:
        ada = caller.visitor(bridge)
        for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
            answer = ada.call("GET", "/metrics", headers={name: "127.0.0.1"})
            assert (answer.status, answer.json["error_code"]) == (401, "authentication_required")

    def test_keys_made_for_it_and_administrators(self, bridge: RunningBridge) -> None:
        made = run("key", "new", "Prometheus", "--scope", "metrics", env=bridge.environment)
        distant = {"X-Forwarded-For": "198.51.100.7"}
        for key, status in (
            (made.stdout.strip(), 200),
            (bridge.admin_key, 200),
            (bridge.agent_key, 403),
            ("wrong-key", 401),
        ):
            headers = distant | {"Authorization": f"Bearer {key}"}
            assert Caller(bridge.port, headers).call("GET", "/metrics").status == status, key

    def test_no_page_of_somebody_else(self, bridge: RunningBridge) -> None:
        origin = {"Origin": "https://evil.example"}
        answer = caller.visitor(bridge).call("GET", "/metrics", headers=origin)
        assert answer.headers["Access-Control-Allow-Origin"] is None


def test_the_list_in_the_docs_is_complete(bridge: RunningBridge) -> None:
    ada = caller.visitor(bridge)
    ada.call("GET", "/api/v1/health")
    text = ada.call("GET", "/metrics").body.decode()
    shown = set(re.findall(r"^# HELP (chat_bridge_\w+)", text, re.MULTILINE))
    listed = set(re.findall(r"^\| `(chat_bridge_\w+)` \|", DOCS.read_text(), re.MULTILINE))
    assert shown == listed
