"""PATCH /api/v1/sessions/<id> and GET /api/v1/search over the wire."""

import pytest

from tests.wire.caller import Caller


@pytest.fixture
def grace(ada: Caller) -> tuple[Caller, str]:
    opened = ada.call("POST", "/api/v1/sessions", {}).data
    return Caller(ada.port, {"X-Session-Token": opened["session_token"]}), opened["session_id"]


def test_a_conversation_gets_a_name_and_stays_on_top(grace: tuple[Caller, str]) -> None:
    who, session = grace
    path = f"/api/v1/sessions/{session}"
    changed = who.call("PATCH", path, {"title": "Q3 customers", "pinned": True})
    assert changed.status == 200
    assert changed.data == {"session_id": session, "title": "Q3 customers", "pinned": True}
    assert who.call("PATCH", path, {"pinned": False}).data["pinned"] is False
    assert who.call("GET", path).data["title"] == "Q3 customers"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing_fields"),
        ({"title": ""}, "invalid_field"),
        ({"title": "x" * 121}, "invalid_field"),
        ({"title": ["x"]}, "invalid_field"),
        ({"pinned": "yes"}, "invalid_field"),
    ],
)
def test_what_is_no_name_is_refused(
    grace: tuple[Caller, str], body: dict[str, object], code: str
) -> None:
    who, session = grace
    answer = who.call("PATCH", f"/api/v1/sessions/{session}", body)
    assert (answer.status, answer.json["error_code"]) == (400, code)


def test_only_its_visitor_renames(grace: tuple[Caller, str], ada: Caller) -> None:
    _, session = grace
    answer = Caller(ada.port).call("PATCH", f"/api/v1/sessions/{session}", {"title": "mine"})
    assert answer.status in (401, 404)


def test_words_are_searched_in_ones_own(grace: tuple[Caller, str], ada: Caller) -> None:
    who, session = grace
    assert who.say(session, "the quick brown fox").status == 200
    (found,) = who.call("GET", "/api/v1/search?q=brown").data["found"]
    assert (found["session_id"], found["excerpt"]) == (session, "the quick brown fox")
    assert Caller(ada.port).call("GET", "/api/v1/search?q=brown").data == {"found": []}
    assert who.call("GET", "/api/v1/search").data == {"found": []}
    assert who.call("GET", f"/api/v1/search?q={'x' * 101}").status == 400
