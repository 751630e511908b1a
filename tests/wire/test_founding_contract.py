"""What clients of the founding system rely on: texts, tolerances and limits, word for word."""

import re

import pytest

from tests.wire.caller import Caller

ENTRIES = ["/api/v1/", "/api/v1", "/api/v1/index.php", "//api/v1/"]


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_spelling_of_the_entry_answers(ada: Caller, entry: str) -> None:
    answer = ada.call("GET", f"{entry}?action=responses&session_id=session_never")
    assert answer.data["responses"] == []


@pytest.mark.parametrize("name", ["messages", "responses", "inbox", "outbox"])
def test_an_action_has_an_alias(ada: Caller, name: str) -> None:
    by_query = ada.call("GET", f"/api/v1/?action={name}")
    by_path = ada.call("GET", f"/api/v1/{name}")
    assert (by_path.status, by_path.error) == (by_query.status, by_query.error)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error"),
    [
        ("GET", "/api/v1/", None, 400, "Missing action parameter"),
        ("GET", "/api/v1/?action=", None, 400, "Missing action parameter"),
        ("GET", "/api/v1/?action=dance", None, 400, "Invalid action"),
        ("POST", "/api/v1/?action=Messages", {}, 400, "Invalid action"),
        ("GET", "/api/v1/?action=messages", None, 405, "Method not allowed"),
        ("PUT", "/api/v1/", None, 405, "Method not allowed"),
        ("DELETE", "/api/v1/?action=messages", None, 405, "Method not allowed"),
        ("PATCH", "/api/v1/?action=inbox", None, 405, "Method not allowed"),
        ("GET", "/api/v1/?action=outbox", None, 405, "Method not allowed"),
        ("POST", "/api/v1/?action=responses", {}, 405, "Method not allowed"),
        ("GET", "/api/v1/nothing/here", None, 404, "Endpoint not found"),
        ("GET", "/api/nothing", None, 404, "Endpoint not found"),
        ("GET", "/api/", None, 404, "Endpoint not found"),
        ("GET", "/api", None, 404, "Endpoint not found"),
        ("PUT", "/api/v1/sessions", {}, 405, "Method not allowed"),
        ("TRACE", "/api/v1/", None, 405, "Method not allowed"),
        ("DANCE", "/api/v1/?action=messages", {}, 405, "Method not allowed"),
        ("GET", "/api/v1/?action=responses", None, 400, "Missing session_id"),
        ("GET", "/api/v1/?action=responses&session_id=test", None, 400, "Invalid session ID"),
        ("POST", "/api/v1/?action=messages", "no json", 400, "Invalid JSON"),
        ("POST", "/api/v1/?action=messages", "", 400, "Invalid JSON"),
        ("POST", "/api/v1/?action=messages", "{}", 400, "Invalid JSON"),
        ("POST", "/api/v1/?action=messages", {"session_id": "session_a"}, 400,
         "Missing required fields"),
        ("POST", "/api/v1/?action=messages", {"message": "hi"}, 400, "Missing required fields"),
        ("POST", "/api/v1/?action=messages", {"session_id": "session_a", "message": "  "}, 400,
         "Missing required fields"),
        ("POST", "/api/v1/?action=messages", {"session_id": "session_a", "message": None}, 400,
         "Missing required fields"),
        ("GET", "/api/v1/?action=inbox", None, 401, "Authentication required"),
        ("POST", "/api/v1/?action=outbox", {}, 401, "Authentication required"),
    ],
)  # fmt: skip
def test_an_error_has_its_words(
    ada: Caller, method: str, path: str, body: object, status: int, error: str
) -> None:
    answer = ada.call(method, path, body)  # type: ignore[arg-type]  # any body of the table
    assert (answer.status, answer.error) == (status, error)


@pytest.mark.parametrize(
    "name",
    ["invalid_session_id", "invalid", "test", "session-test", "session_", "abc-123", "session_ä",
     "session_a b", "session_a\n", "Session_a", "session_" + "a" * 57],
)  # fmt: skip
def test_a_session_id_of_another_form_is_refused(ada: Caller, name: str) -> None:
    answer = ada.say(name, "hi")
    assert (answer.status, answer.error) == (400, "Invalid session ID")


def test_a_session_id_of_64_characters_is_the_longest(ada: Caller) -> None:
    assert ada.say("session_" + "a" * 56, "hi", agent_id="sheets").status == 200


def test_a_message_of_10000_characters_is_the_longest(ada: Caller, session: str) -> None:
    """Characters, not bytes, and counted after trimming."""
    assert ada.say(session, " " + "客" * 10_000 + "\n", agent_id="sheets").status == 200
    answer = ada.say(session, "x" * 10_001)
    assert (answer.status, answer.error) == (400, "Invalid message")


def test_a_message_is_answered_with_what_clients_read(ada: Caller, session: str) -> None:
    answer = ada.say(session, "hi", timestamp="garbage", uid="mine", colour="green")
    assert answer.json["message"] == "Message received"
    data = answer.data
    assert isinstance(data["message_id"], int)
    assert data["session_id"] == session
    assert re.fullmatch(r"[0-9a-f]{16}", data["uid"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", data["timestamp"])
    assert data["is_new_user"] is False


@pytest.mark.parametrize(("given", "stored"), [(0, "0"), (42, "42"), (1.5, "1.5"), ("0", "0")])
def test_a_number_counts_as_text(ada: Caller, session: str, given: object, stored: str) -> None:
    assert ada.post("messages", {"session_id": session, "message": given}).status == 200
    items = ada.call("GET", f"/api/v1/sessions/{session}/messages").data["items"]
    assert stored in [item.get("message") for item in items]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_the_content_type_is_not_asked_for(ada: Caller, session: str, kind: str) -> None:
    body = f'{{"session_id": "{session}", "message": "hi"}}'
    headers = {"Content-Type": kind}
    answer = ada.call("POST", "/api/v1/?action=messages", body, headers=headers)
    assert answer.status == 200


def test_preflight_is_exactly_200_with_the_three_headers(ada: Caller) -> None:
    answer = ada.call(
        "OPTIONS",
        "/api/v1/",
        headers={"Origin": "https://example.com", "Access-Control-Request-Method": "POST"},
    )
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", "https://example.com")
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


def test_fifty_messages_in_a_row_are_all_taken(ada: Caller, session: str) -> None:
    assert [ada.say(session, f"{n}", agent_id="sheets").status for n in range(50)] == [200] * 50


class TestResponses:
    def test_of_an_unknown_session_are_none_and_make_no_session(self, ada: Caller) -> None:
        name = "session_nobody_ever_wrote"
        assert ada.get("responses", session_id=name).data["responses"] == []
        assert ada.call("GET", f"/api/v1/sessions/{name}").status == 404

    def test_a_second_question_mark_counts_as_and(
        self, ada: Caller, charles: Caller, session: str
    ) -> None:
        charles.reply(session, "Here")
        answer = ada.call("GET", f"/api/v1/?action=responses?session_id={session}")
        assert [item["response"] for item in answer.data["responses"]] == ["Here"]

    @pytest.fixture
    def answered(self, charles: Caller, session: str) -> tuple[str, list[str]]:
        """A session and the stamps of three answers."""
        stamps = [charles.reply(session, text).data["timestamp"] for text in ("a", "b", "c")]
        return session, stamps

    @pytest.mark.parametrize(
        "form",
        [
            lambda t: t,
            lambda t: t.replace("Z", "+00:00"),
            lambda t: t.replace("Z", "%2B00:00"),
            lambda t: t.replace("T", " ").replace(" ", "%20"),
            lambda t: t.removesuffix("Z"),
            lambda t: t.replace("Z", "000Z"),
            lambda t: t.replace(".", ","),
        ],
    )
    def test_since_an_instant_in_every_form(
        self, ada: Caller, answered: tuple[str, list[str]], form: object
    ) -> None:
        session, stamps = answered
        since = form(stamps[0])  # type: ignore[operator]  # one of the forms above
        path = f"/api/v1/?action=responses&session_id={session}&since={since}"
        assert [r["response"] for r in ada.call("GET", path).data["responses"]] == ["b", "c"]

    @pytest.mark.parametrize("since", ["", "zzz", "1999-01-01", "0001-01-01T00:00:00%2B14:00"])
    def test_since_nonsense_or_long_ago_are_all(
        self, ada: Caller, answered: tuple[str, list[str]], since: str
    ) -> None:
        path = f"/api/v1/?action=responses&session_id={answered[0]}&since={since}"
        assert len(ada.call("GET", path).data["responses"]) == 3

    @pytest.mark.parametrize("since", ["2999-01-01", "9999-12-31T23:59:59Z"])
    def test_since_the_future_are_none(
        self, ada: Caller, answered: tuple[str, list[str]], since: str
    ) -> None:
        found = ada.get("responses", session_id=answered[0], since=since)
        assert found.data["responses"] == []

    def test_since_the_end_of_the_calendar_is_no_accident(
        self, ada: Caller, answered: tuple[str, list[str]]
    ) -> None:
        since = "9999-12-31T23:59:59-14:00"
        assert ada.get("responses", session_id=answered[0], since=since).status == 200

    def test_are_not_consumed_by_reading(
        self, ada: Caller, answered: tuple[str, list[str]]
    ) -> None:
        for _ in range(2):
            found = ada.get("responses", session_id=answered[0]).data["responses"]
            assert [item["response"] for item in found] == ["a", "b", "c"]
            assert [item["response_data"] for item in found] == ["a", "b", "c"]
            assert {"id", "timestamp", "message_id"} <= found[0].keys()
