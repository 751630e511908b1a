"""The administrator's side of the founding contract, in its three spellings."""

from collections.abc import Iterator

import pytest

from tests import people
from tests.cli.programs import run
from tests.servers import RunningBridge, serving
from tests.wire import caller
from tests.wire.caller import Body, Caller
from tests.wire.test_hostile_bodies import BODIES, assert_ours

READS = ["sessions", "session_messages", "config"]
WRITES = ["cleanup", "clear_data", "cleanup_logs"]
SESSION_KEYS = {"id", "uid", "created_at", "last_active", "ip_address", "metadata",
                "message_count", "response_count"}  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    """A server whose conversations are the test's own to clear."""
    with serving(tmp_path_factory.mktemp("own")) as running:
        yield running


@pytest.fixture
def grace(own: RunningBridge) -> Caller:
    """An administrator of a server without conversations."""
    admin = caller.admin(own)
    assert admin.post("clear_data", None).status == 200
    return admin


def spelled(name: str) -> list[str]:
    return [f"/api/v1/?action={name}", f"/api/v1/{name}", f"/admin/api/{name}"]


def test_a_conversation_erased_with_a_key_is_in_the_audit_log(
    bridge: RunningBridge, admin: Caller, ada: Caller, session: str
) -> None:
    assert admin.call("DELETE", f"/api/v1/sessions/{session}").status == 200
    (line,) = [line for line in audited(bridge) if session in line]
    assert all(word in line for word in ("key cfg_", "session.delete", "1 messages, 0 answers"))


def test_forgotten_sign_ins_are_in_the_audit_log(bridge: RunningBridge) -> None:
    mary = people.Session(bridge.port).sign_in(people.add(bridge, "mary-of-the-log", "admin"))
    assert mary.call("POST", "/api/cleanup-sessions").status == 200
    assert any("mary-of-the-log" in line and "sign-ins" in line for line in audited(bridge))


def audited(bridge: RunningBridge) -> list[str]:
    return run("audit", "list", env=bridge.environment).stdout.splitlines()


class TestTheDoor:
    @pytest.mark.parametrize("name", READS + WRITES)
    def test_asks_for_the_admin_key(self, ada: Caller, charles: Caller, name: str) -> None:
        method = "GET" if name in READS else "POST"
        stranger = Caller(ada.port, {"Authorization": "Bearer wrong"})
        for path in spelled(name):
            nobody = ada.call(method, path)
            assert (nobody.status, nobody.json["code"]) == (401, 401)
            assert nobody.error == "Authentication required"
            for who in (stranger, charles):
                answer = who.call(method, path)
                assert (answer.status, answer.error) == (401, "Invalid admin key")

    @pytest.mark.parametrize("name", WRITES)
    def test_takes_writes_as_posts_only(self, admin: Caller, name: str) -> None:
        for path in spelled(name):
            answer = admin.call("GET", path)
            assert (answer.status, answer.error) == (405, "Method not allowed")

    @pytest.mark.parametrize("name", READS)
    def test_tells_the_head_of_what_it_would_show(self, admin: Caller, name: str) -> None:
        path = f"/admin/api/{name}?session_id=session_nobody"
        assert admin.call("HEAD", path).status == admin.call("GET", path).status
        assert admin.call("HEAD", path).body == b""

    def test_knows_no_other_address(self, admin: Caller) -> None:
        answer = admin.call("GET", "/admin/api/passwords")
        assert (answer.status, answer.error) == (404, "Endpoint not found")


class TestSessions:
    def test_have_what_old_admin_pages_read(self, grace: Caller) -> None:
        grace.say("session_list", "Good morning")
        grace.reply("session_list", "Hello")
        (item,) = grace.get("sessions").data["sessions"]
        assert item.keys() >= SESSION_KEYS
        assert (item["id"], item["message_count"], item["response_count"]) == ("session_list", 1, 1)
        assert item["metadata"] == "{}"
        assert item["ip_address"] == "127.0.0.1"

    def test_come_in_pages(self, grace: Caller) -> None:
        for number in range(3):
            grace.say(f"session_page{number}", "hi")
        first = grace.get("sessions", limit=2).data
        assert first["pagination"] == {"total": 3, "limit": 2, "offset": 0, "has_more": True}
        rest = grace.get("sessions", limit=2, offset=2).data
        assert rest["pagination"]["has_more"] is False
        ids = [item["id"] for item in first["sessions"] + rest["sessions"]]
        assert ids == ["session_page2", "session_page1", "session_page0"]

    @pytest.mark.parametrize(
        ("limit", "taken"), [("abc", 50), ("", 50), ("-1", 1), ("1000", 100), ("9" * 5_000, 50)]
    )
    def test_put_a_bad_limit_right(self, admin: Caller, limit: str, taken: int) -> None:
        answer = admin.get("sessions", limit=limit, offset="xyz", active="perhaps")
        assert answer.data["pagination"]["limit"] == taken

    @pytest.mark.parametrize("path", spelled("sessions"))
    def test_are_the_same_everywhere(self, admin: Caller, session: str, path: str) -> None:
        answer = admin.call("GET", path)
        assert answer.json["message"] == "Success"
        assert session in [item["id"] for item in answer.data["sessions"]]

    def test_opening_one_is_still_a_visitors(self, ada: Caller) -> None:
        assert ada.call("POST", "/api/v1/sessions").data["session_id"]


class TestSessionMessages:
    @pytest.mark.parametrize(
        "path", ["/api/v1/?action=session_messages&", "/admin/api/session_messages?"]
    )
    def test_are_both_sides_in_order(self, admin: Caller, session: str, path: str) -> None:
        admin.say(session, "And again")
        admin.reply(session, "Hello", message_id=7)
        data = admin.call("GET", f"{path}session_id={session}").data
        assert data["session"]["id"] == session
        assert [item["message"] for item in data["messages"]] == ["Good morning", "And again"]
        (reply,) = data["responses"]
        wanted = {"id", "session_id", "response", "timestamp", "message_id"}
        assert wanted <= reply.keys()
        assert (reply["response"], reply["message_id"]) == ("Hello", 7)

    @pytest.mark.parametrize(
        ("path", "status", "error"),
        [
            ("/admin/api/session_messages", 400, "Missing session_id"),
            ("/admin/api/session_messages?session_id=nonexistent", 404, "Session not found"),
            ("/api/v1/?action=session_messages", 400, "Session ID required"),
            ("/api/v1/session_messages?session_id=", 400, "Session ID required"),
            ("/api/v1/?action=session_messages&session_id=no", 400, "Invalid session ID"),
            ("/api/v1/?action=session_messages&session_id=session_no", 404, "Session not found"),
        ],
    )
    def test_of_nobody(self, admin: Caller, path: str, status: int, error: str) -> None:
        answer = admin.call("GET", path)
        assert (answer.status, answer.error) == (status, error)


class TestConfig:
    @pytest.mark.parametrize("path", spelled("config"))
    def test_keeps_any_key_as_text(self, admin: Caller, path: str) -> None:
        before = admin.call("GET", path).data
        answer = admin.call("POST", path, {"greeting": "Hi", "limit": 5, "debug_mode": True},
                            headers={"Content-Type": "application/json"})  # fmt: skip
        assert answer.json["message"] == "Success"
        after = admin.call("GET", path).data
        assert (after["greeting"], after["limit"], after["debug_mode"]) == ("Hi", "5", "true")
        assert before.items() <= after.items() | before.items()
        assert all(isinstance(value, str) for value in after.values())

    @pytest.mark.parametrize("name", BODIES)
    def test_takes_no_hostile_body(self, admin: Caller, name: str) -> None:
        assert_ours(admin.post("config", BODIES[name]))

    def test_shows_no_key(self, own: RunningBridge, grace: Caller) -> None:
        answer = grace.get("config")
        assert {"api_key", "admin_key", "session_timeout"} <= answer.data.keys()
        assert own.admin_key.encode() not in answer.body
        assert own.agent_key.encode() not in answer.body

    @pytest.mark.parametrize("body", ["{}", "", "[]", "null", "hello"])
    def test_of_nothing_is_refused(self, admin: Caller, body: str) -> None:
        answer = admin.post("config", body)
        assert (answer.status, answer.error) == (400, "Invalid JSON")

    @pytest.mark.parametrize("value", [None, [], {"a": 1}, "x" * 10_001])
    def test_takes_texts_only(self, admin: Caller, value: object) -> None:
        answer = admin.post("config", {"greeting": value})
        assert (answer.status, answer.json["error_code"]) == (400, "invalid_field")

    def test_of_the_admin_page_is_json_only(self, admin: Caller) -> None:
        answer = admin.call("POST", "/admin/api/config", '{"a": "b"}',
                            headers={"Content-Type": "text/plain"})  # fmt: skip
        assert answer.status == 415
        assert "json" not in answer.headers["Content-Type"]

    def test_changes_a_key_at_once(self, own: RunningBridge, grace: Caller) -> None:
        old, new = caller.agent(own), Caller(own.port, {"Authorization": "Bearer the-new-key"})
        try:
            assert grace.post("config", {"api_key": "the-new-key"}).status == 200
            for _ in range(4):  # whichever process answers
                assert new.get("inbox", peek=1).status == 200
                assert old.get("inbox", peek=1).error == "Invalid API key"
        finally:
            grace.post("config", {"api_key": own.agent_key})
        assert old.get("inbox", peek=1).status == 200


class TestTidyingUp:
    @pytest.mark.parametrize("path", spelled("cleanup"))
    def test_marks_idle_sessions(self, admin: Caller, path: str) -> None:
        data = admin.call("POST", path).data
        assert data == {"cleaned_count": 0, "message": "Cleaned up 0 inactive sessions"}

    @pytest.mark.parametrize("path", spelled("clear_data"))
    def test_clears_all_data(self, grace: Caller, path: str) -> None:
        grace.say("session_gone", "hi")
        data = grace.call("POST", path).data
        assert data["message"] == "All data cleared successfully"
        assert data["cleaned_data"] == {"sessions": 1, "messages": 1, "responses": 0}
        assert data["remaining_data"] == {"sessions": 0, "messages": 0, "responses": 0}
        assert grace.get("sessions", active="false").data["sessions"] == []

    @pytest.mark.parametrize("path", spelled("cleanup_logs"))
    def test_says_how_large_the_logs_are(self, own: RunningBridge, path: str) -> None:
        old = own.data_dir / "logs" / "web.log.1"
        old.write_bytes(b"x" * (3 << 20))
        data = caller.admin(own).call("POST", path).data
        assert (data["backup_files_count"], data["retention_days"]) == (1, 30)
        assert data["total_log_size_mb"] >= 3 > data["current_log_size_mb"] >= 0
        assert data["max_size_mb"] == 100


def test_the_admin_page_asks_who_it_is_and_holds_no_secret(
    ada: Caller, bridge: RunningBridge
) -> None:
    answer = ada.call("GET", "/admin/")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    for word in (b"admin", b'name="password"', b'name="next" value="/admin/"'):
        assert word in answer.body.lower()
    assert bridge.admin_key.encode() not in answer.body
    assert ada.call("PUT", "/admin/").status == 405


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("path", spelled("clear_data"))
class TestTheWordOfConfirmation:
    def test_when_wrong_erases_nothing(self, grace: Caller, path: str) -> None:
        grace.say("session_kept", "hi")
        joined = f"{path}{'&' if '?' in path else '?'}confirm=perhaps"
        for refused in (
            grace.call("POST", path, {"confirm": "perhaps"}),
            grace.call("POST", path, {"confirm": None}),
            grace.call("POST", path, "confirm=perhaps", headers=FORM),
            grace.call("POST", joined),
            grace.call("POST", joined, {"confirm": "clear_data"}),
        ):
            assert (refused.status, "clear_data" in refused.error) == (400, True)
        said = grace.call("POST", path, {"confirm": "clear_data"}).data
        assert said["cleared_messages"] == 1

    @pytest.mark.parametrize("body", [None, "", "{}", "[]", "not JSON"])
    def test_is_not_asked_of_an_old_client(self, grace: Caller, path: str, body: Body) -> None:
        grace.say("session_gone", "hi")
        assert grace.call("POST", path, body).data["cleared_messages"] == 1

    def test_is_no_key(self, own: RunningBridge, grace: Caller, path: str) -> None:
        grace.say("session_kept", "hi")
        assert caller.visitor(own).call("POST", path, {"confirm": "clear_data"}).status == 401
        asked = people.Session(own.port).sign_in(people.add(own, f"ana{len(path)}", "admin"))
        for body in (None, {"confirm": "clear_data"}):
            assert asked.call("POST", path, body).status == 401
        assert grace.post("clear_data", None).data["cleared_messages"] == 1
