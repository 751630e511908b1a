"""What the founding servers' pages and scripts call: /chat/ and /chat/api/."""

import pytest

from tests.servers import RunningBridge
from tests.wire.caller import Answer, Caller

JSON = {"Content-Type": "application/json"}


def send(who: Caller, body: object, kind: str = "application/json") -> Answer:
    headers = {"Content-Type": kind}
    return who.call("POST", "/chat/api/send_message", body, headers=headers)  # type: ignore[arg-type]  # any body


@pytest.mark.parametrize(
    "name", ["chat_test_session_123", "widget_1763700000000_abc", "session_own", "a", "x.y-z"]
)
def test_a_session_of_any_form_is_written_to_and_answered(
    ada: Caller, charles: Caller, name: str
) -> None:
    sent = send(ada, {"session_id": name, "message": "Good morning"})
    assert {"message_id", "session_id", "uid"} <= sent.data.keys()
    assert sent.data["session_id"] == name
    assert charles.reply(name, "Hello").status == 200
    found = ada.call("GET", f"/chat/api/get_responses?session_id={name}").data
    assert [item["response"] for item in found["responses"]] == ["Hello"]


def test_an_unknown_session_has_no_answers_and_stays_unknown(ada: Caller, admin: Caller) -> None:
    path = "/chat/api/get_responses?session_id=nonexistent_session"
    assert ada.call("GET", path).data["responses"] == []
    found = admin.call("GET", "/admin/api/session_messages?session_id=nonexistent_session")
    assert found.status == 404


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_refused_with_a_page(ada: Caller, kind: str) -> None:
    answer = send(ada, '{"session_id": "chat_a", "message": "hi"}', kind)
    assert answer.status == 415
    assert "json" not in answer.headers["Content-Type"]
    assert not answer.body.startswith(b"{")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("{}", "Invalid JSON"),
        ("[]", "Invalid JSON"),
        ("null", "Invalid JSON"),
        ("nonsense", "Invalid JSON"),
        ({"session_id": "chat_a"}, "Missing required fields"),
        ({"message": "hi"}, "Missing required fields"),
        ({"session_id": "<b>", "message": "hi"}, "Invalid session ID"),
        ({"session_id": "x" * 65, "message": "hi"}, "Invalid session ID"),
        ({"session_id": "chat_a", "message": "x" * 10_001}, "Invalid message"),
    ],
)
def test_a_bad_body_has_its_words(ada: Caller, body: object, error: str) -> None:
    answer = send(ada, body)
    assert (answer.status, answer.error) == (400, error)


def test_answers_need_a_session(ada: Caller) -> None:
    answer = ada.call("GET", "/chat/api/get_responses")
    assert (answer.status, answer.error) == (400, "Missing session_id")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/chat/api/send_message", 405),
        ("POST", "/chat/api/get_responses", 405),
        ("GET", "/chat/api/nothing", 404),
    ],
)
def test_other_calls_are_refused_as_json(ada: Caller, method: str, path: str, status: int) -> None:
    assert ada.call(method, path).json["code"] == status


class TestThePage:
    @pytest.mark.parametrize("path", ["/chat/", "/chat"])
    def test_is_the_chat(self, ada: Caller, path: str) -> None:
        answer = ada.call("GET", path)
        assert answer.status == 200
        assert b"chat" in answer.body.lower()

    @pytest.mark.parametrize("path", ["/chat/", "/chat/widget.js"])
    def test_takes_no_put(self, ada: Caller, path: str) -> None:
        assert ada.call("PUT", path).status == 405

    @pytest.mark.parametrize(("old", "now"), [("chat.php", "/chat/"), ("admin.php", "/admin/")])
    def test_is_found_where_the_scripts_of_php_were(self, ada: Caller, old: str, now: str) -> None:
        answer = ada.call("GET", f"/web/{old}?from=bookmark")
        assert (answer.status, answer.headers["Location"]) == (302, now)
        assert ada.call("GET", now).status == 200
        assert ada.call("GET", "/web/config.php").status == 404

    def test_has_a_script_without_a_key(self, ada: Caller, bridge: RunningBridge) -> None:
        answer = ada.call("GET", "/chat/widget.js")
        assert answer.headers["Content-Type"].startswith("application/javascript")
        assert b"WebChatBridge" in answer.body
        assert b"Bearer" not in answer.body
        assert len(answer.body) < 5_000
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(("old", "now"), [
    ("/settings", "/admin/"), ("/system-settings", "/admin/settings"),
    ("/user-management", "/admin/users"), ("/create-agent", "/admin/agents/new"),
    ("/logs-status", "/admin/logs"),
])  # fmt: skip
def test_bookmarks_of_the_control_program_lead_to_the_console(
    ada: Caller, old: str, now: str
) -> None:
    answer = ada.call("GET", old)
    assert (answer.status, answer.headers["Location"]) == (302, now)
