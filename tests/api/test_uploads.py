"""Uploads that are repeated because their answer was lost."""

import json
from pathlib import Path

import pytest

from tests.servers import RunningBridge
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


def upload_both(caller: Caller, session: str, *files: tuple[str, bytes]) -> Answer:
    parts = b"".join(
        f'--ada\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in files
    )
    kind = {"Content-Type": "multipart/form-data; boundary=ada"}
    path = f"/api/v1/sessions/{session}/files"
    return caller.call("POST", path, parts + b"--ada--\r\n", headers=kind)


@pytest.mark.parametrize("refused", [("page.html", b"<p>"), ("empty.csv", b"")])
def test_a_refused_file_leaves_nothing_of_those_before_it(
    ada: Caller, session: str, refused: tuple[str, bytes]
) -> None:
    answer = upload_both(ada, session, ("list.csv", ROWS), refused)
    assert answer.status == 422
    assert ada.call("GET", f"/api/v1/sessions/{session}/files").data["files"] == []
    both = upload_both(ada, session, ("list.csv", ROWS), ("other.csv", ROWS))
    assert [file["name"] for file in both.data["files"]] == ["list.csv", "other.csv"]


def test_a_file_whose_bytes_are_lost_is_gone(
    bridge: RunningBridge, ada: Caller, session: str
) -> None:
    (file,) = upload_both(ada, session, ("lost.csv", b"name\nlost\n")).data["files"]
    for path in Path(bridge.data_dir, "blobs").rglob(file["sha256"] + "*"):
        path.unlink()
    answer = ada.call("GET", f"/api/v1/sessions/{session}/files/lost.csv")
    assert (answer.status, answer.json["error_code"]) == (410, "file_gone")
    assert "lost.csv" in answer.error
    assert "blobs" not in json.dumps(answer.json)
