"""/api/v1/sessions, jobs, agents and operations over the wire."""

import json
import sqlite3
import time
from typing import Any

import pytest

from tests.patience import LONG
from tests.servers import RunningBridge
from tests.wire.caller import Caller


@pytest.fixture
def grace(ada: Caller) -> tuple[Caller, str]:
    """A visitor with a protected session of her own."""
    opened = ada.call("POST", "/api/v1/sessions", {}).data
    return Caller(ada.port, {"X-Session-Token": opened["session_token"]}), opened["session_id"]


class TestOpening:
    def test_answers_what_a_page_needs(self, ada: Caller) -> None:
        data = ada.call("POST", "/api/v1/sessions", {"agent_id": "sheets"}).data
        assert {"session_id", "chat_id", "session_token", "uid", "agent", "created_at"} <= set(data)
        assert data["session_id"].startswith("session_")
        assert data["agent"]["slug"] == "sheets"

    def test_needs_no_body(self, ada: Caller) -> None:
        assert ada.call("POST", "/api/v1/sessions").data["agent"]["slug"] == "default"

    def test_names_an_unknown_agent(self, ada: Caller) -> None:
        answer = ada.call("POST", "/api/v1/sessions", {"agent_id": "nobody"})
        assert (answer.status, answer.json["error_code"]) == (404, "agent_not_found")


def test_a_session_says_how_it_stands(grace: tuple[Caller, str]) -> None:
    who, session = grace
    data = who.call("GET", f"/api/v1/sessions/{session}").data
    assert data["agent"].keys() >= {"id", "slug", "name", "description", "status"}
    assert isinstance(data["answering"], bool)
    assert data["cursor"].isdigit()
    assert (data["status"], data["title"]) == ("active", None)


def test_saved_pipelines_are_listed_for_whom_they_belong_to(
    grace: tuple[Caller, str], ada: Caller
) -> None:
    who, session = grace
    path = f"/api/v1/sessions/{session}/pipelines"
    assert who.call("GET", path).data == {"pipelines": []}
    assert who.say(session, "/save monthly /dedupe | to-xlsx").status == 200
    deadline = time.monotonic() + LONG
    while not (answer := who.call("GET", path)).data["pipelines"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert answer.data == {"pipelines": [{"name": "monthly", "command": "/dedupe | to-xlsx"}]}
    assert answer.json["total"] == 1
    assert Caller(ada.port).call("GET", path).status in (401, 404)


class TestTheTranscript:
    def test_is_read_page_by_page(self, charles: Caller, grace: tuple[Caller, str]) -> None:
        who, session = grace
        for number in range(3):
            who.say(session, f"question {number}")
            charles.reply(session, f"answer {number}")
        said, before = [], ""
        while before is not None:
            path = f"/api/v1/sessions/{session}/messages?limit=2&before={before}"
            page = who.call("GET", path).data
            said = [item.get("message") or item["response"] for item in page["items"]] + said
            before = page["before"]
        assert said == [f"{side} {n}" for n in range(3) for side in ("question", "answer")]

    def test_goes_on_from_times_of_another_program(
        self, bridge: RunningBridge, ada: Caller, session: str
    ) -> None:
        with sqlite3.connect(bridge.data_dir / "bridge.db") as other:
            other.executemany(
                "INSERT INTO web_chat_responses (session_id, response, timestamp) VALUES (?, ?, ?)",
                [(session, f"theirs {n}", f"2026-01-0{n} 09:08:07") for n in (1, 2, 3)],
            )
        other.close()
        said, before = [], ""
        while before is not None:
            path = f"/api/v1/sessions/{session}/messages?limit=1&before={before}"
            page = ada.call("GET", path.replace(" ", "%20")).data
            said.append(page["items"][0])
            before = page["before"]
        assert [item.get("response") for item in said] == [None, "theirs 3", "theirs 2", "theirs 1"]

    @pytest.mark.parametrize("before", ["x" * 41, "x" * 5_000])
    def test_goes_on_from_an_answers_value_only(
        self, ada: Caller, session: str, before: str
    ) -> None:
        answer = ada.call("GET", f"/api/v1/sessions/{session}/messages?before={before}")
        assert (answer.status, answer.json["error_code"]) == (400, "invalid_field")


class TestAnExport:
    def test_as_json_is_the_conversation(self, ada: Caller, session: str) -> None:
        answer = ada.call("GET", f"/api/v1/sessions/{session}/export?format=json")
        assert json.loads(answer.body)["items"][0]["message"] == "Good morning"

    def test_of_another_form_is_refused(self, ada: Caller, session: str) -> None:
        answer = ada.call("GET", f"/api/v1/sessions/{session}/export?format=exe")
        assert (answer.status, answer.json["error_code"]) == (400, "invalid_field")


def test_the_newest_of_very_many_answers_is_never_cut_off(
    bridge: RunningBridge, ada: Caller, charles: Caller, session: str
) -> None:
    """An old page asks for what is new since the last one, on a day with very many."""
    with sqlite3.connect(bridge.data_dir / "bridge.db") as other:
        today = charles.reply(session, "one").data["timestamp"]
        other.executemany(
            "INSERT INTO web_chat_responses (session_id, response, timestamp) VALUES (?, ?, ?)",
            [(session, f"{n}", today) for n in range(1_100)],
        )
    other.close()
    charles.reply(session, "the newest")
    for since in ("", today):
        found = ada.get("responses", session_id=session, since=since).data["responses"]
        assert found[-1]["response"] == "the newest"


class TestAJob:
    def test_is_shown_cancelled_and_retried(self, ada: Caller, session: str) -> None:
        job = ada.say(session, "/search city=Berlin").data["job_id"]
        shown = finished(ada, job)
        assert shown["status"] == "failed"
        assert (shown["command"], shown["session_id"]) == ("/search city=Berlin", session)
        assert shown["error_code"] == "missing_file"
        cancelled = ada.call("POST", f"/api/v1/jobs/{job}/cancel")
        assert (cancelled.status, cancelled.json["error_code"]) == (409, "job_finished")
        assert ada.call("POST", f"/api/v1/jobs/{job}/retry").data["job_id"] == job
        assert finished(ada, job)["status"] == "failed"


def finished(ada: Caller, job: str) -> dict[str, object]:
    deadline = time.monotonic() + LONG
    while True:
        shown = ada.call("GET", f"/api/v1/jobs/{job}").data
        if shown["status"] not in ("pending", "running"):
            return shown
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_agents_are_listed(ada: Caller) -> None:
    agents = ada.call("GET", "/api/v1/agents").data["agents"]
    assert {agent["slug"] for agent in agents} == {"sheets", "default"}
    assert {agent["status"] for agent in agents} <= {"answering", "away"}


def test_the_operations_are_listed(ada: Caller) -> None:
    answer = ada.call("GET", "/api/v1/operations")
    operations = answer.data["operations"]
    assert len(operations) == answer.json["total"] > 5
    for operation in operations:
        assert operation.keys() >= {
            "name", "command", "aliases", "summary", "help", "arguments", "examples",
        }  # fmt: skip


def test_health_is_live_and_ready(ada: Caller) -> None:
    assert ada.call("GET", "/api/v1/health").data["status"] == "healthy"
    checks = ada.call("GET", "/api/v1/health/ready").data["checks"]
    assert set(checks.values()) == {"ok"}


class TestMessages:
    def test_a_retry_by_header_or_body_is_one_message(self, ada: Caller, session: str) -> None:
        body = {"session_id": session, "message": "once"}
        path = "/api/v1/?action=messages"
        key = {"Idempotency-Key": "k-1"}
        first = ada.call("POST", path, body, headers=key).data
        for again in (
            ada.call("POST", path, body, headers=key),
            ada.say(session, "once", client_msg_id="k-1"),
            ada.say(session, "once", idempotency_key="k-1"),
        ):
            assert again.data["message_id"] == first["message_id"]
            assert again.data["timestamp"] == first["timestamp"]
        other = ada.say(session, "twice", client_msg_id="k-1")
        assert (other.status, other.json["error_code"]) == (409, "idempotency_conflict")

    def test_a_missing_attachment_is_named(self, ada: Caller, session: str) -> None:
        answer = ada.say(session, "look", attachments=["list.csv"])
        assert (answer.status, answer.json["details"]) == (404, {"name": "list.csv"})


@pytest.mark.parametrize("cursor", ["abc", "-1", "²", "1e3", "9" * 19])
@pytest.mark.parametrize("action", ["events", "responses"])
def test_a_cursor_is_a_number_given_by_an_answer(
    ada: Caller, session: str, action: str, cursor: str
) -> None:
    answer = ada.get(action, session_id=session, cursor=cursor)
    assert (answer.status, answer.json["error_code"]) == (400, "invalid_field")


class TestOpeningTwice:
    PATH = "/api/v1/sessions"

    def test_with_one_key_is_one_conversation_and_one_secret(self, ada: Caller) -> None:
        key = {"Idempotency-Key": "open-1"}
        first, again = (self.opened(ada, key) for _ in range(2))
        assert again == first
        owner = Caller(ada.port, {"X-Session-Token": first["session_token"]})
        assert owner.call("GET", f"{self.PATH}/{first['session_id']}").status == 200
        assert self.opened(ada, {"Idempotency-Key": "open-2"})["session_id"] != first["session_id"]

    def test_with_another_body_is_a_conflict(self, ada: Caller) -> None:
        key = {"Idempotency-Key": "open-3"}
        self.opened(ada, key)
        answer = ada.call("POST", self.PATH, {"agent_id": "sheets"}, headers=key)
        assert (answer.status, answer.json["error_code"]) == (409, "idempotency_conflict")

    def test_somebody_elses_key_opens_nothing_of_mine(self, ada: Caller) -> None:
        mine, theirs = (
            {"Idempotency-Key": "open-4", "Cookie": f"cb_visitor={letter * 43}"} for letter in "mt"
        )
        first = self.opened(ada, mine)
        assert self.opened(ada, theirs)["session_id"] != first["session_id"]
        assert self.opened(ada, mine) == first
        assert first["session_token"] is None

    def test_after_it_was_erased_is_a_new_one(self, ada: Caller) -> None:
        key = {"Idempotency-Key": "open-5"}
        first = self.opened(ada, key)
        owner = Caller(ada.port, {"X-Session-Token": first["session_token"]})
        assert owner.call("DELETE", f"{self.PATH}/{first['session_id']}").status == 200
        assert self.opened(ada, key)["session_id"] != first["session_id"]

    def opened(self, ada: Caller, headers: dict[str, str]) -> dict[str, Any]:
        return ada.call("POST", self.PATH, {}, headers=headers).data


class TestLongTexts:
    LONG = "x" * 400_000

    def test_make_short_pages_that_miss_nothing(
        self, ada: Caller, charles: Caller, session: str
    ) -> None:
        for number in range(5):
            assert charles.reply(session, f"{number}{self.LONG}").status == 200
        wanted = [f"{number}" for number in range(5)]
        assert self.by_cursor(ada, "events", session) == wanted
        assert self.by_cursor(ada, "responses", session) == wanted
        assert self.by_page(ada, session) == wanted
        found = ada.get("responses", session_id=session).data["responses"]
        assert [item["response"][0] for item in found] == wanted

    def by_cursor(self, ada: Caller, action: str, session: str) -> list[str]:
        cursor, found, pages = "0", [], 0
        while page := (data := ada.get(action, session_id=session, cursor=cursor).data)[action]:
            texts = [item.get("data", {"response": item}).get("response") for item in page]
            found += [text["response"][0] for text in texts if text]
            cursor, pages = data["cursor"], pages + 1
            assert len(json.dumps(data)) < 20 << 20
        assert pages >= 3
        return found

    def by_page(self, ada: Caller, session: str) -> list[str]:
        before, found, pages = "", [], 0
        while before is not None:
            path = f"/api/v1/sessions/{session}/messages?before={before}"
            data = ada.call("GET", path).data
            found = [i["response"][0] for i in data["items"] if i["type"] == "response"] + found
            before, pages = data["before"], pages + 1
        assert pages >= 3
        return found
