"""Uploads that are repeated because their answer was lost."""

from tests.wire.caller import Answer, Caller

ROWS = b"name,city\nAda,London\n"


def upload(caller: Caller, session: str, content: bytes, key: str) -> Answer:
    return Caller(caller.port, {"Idempotency-Key": key}).upload(session, "list.csv", content)


def test_a_repeated_upload_gets_the_first_answer_again(ada: Caller, session: str) -> None:
    first, again = (upload(ada, session, ROWS, "upload-1") for _ in range(2))
    assert again.data["files"][0]["name"] == first.data["files"][0]["name"] == "list.csv"
    assert len(ada.call("GET", f"/api/v1/sessions/{session}/files").data["files"]) == 1


def test_another_file_under_the_same_key_is_a_conflict(ada: Caller, session: str) -> None:
    upload(ada, session, ROWS, "upload-1")
    answer = upload(ada, session, b"name\nGrace\n", "upload-1")
    assert (answer.status, answer.json["error_code"]) == (409, "idempotency_conflict")


def test_another_key_is_another_file(ada: Caller, session: str) -> None:
    names = [upload(ada, session, ROWS, key).data["files"][0]["name"] for key in ("a", "b")]
    assert names == ["list.csv", "list-2.csv"]


def test_a_key_may_be_too_long(ada: Caller, session: str) -> None:
    answer = upload(ada, session, ROWS, "k" * 201)
    assert (answer.status, answer.json["error_code"]) == (400, "invalid_field")
