"""What goes wrong is said in the chat, in a sentence with the nearest right spelling."""

import pytest

from tests.journeys import customers
from tests.journeys.visitor import Desk, Visitor, action
from tests.servers import RunningBridge


@pytest.fixture
def bob(ada: Visitor) -> Visitor:
    """Has a spreadsheet already."""
    ada.upload("customers.csv", customers.text().replace(b",notes", b",First name", 1))
    return ada


MISTAKES = {
    "command": ("/serch city=Berlin", "unknown_command", "/search", "/search city=Berlin"),
    "second command": (
        "/search city=Berlin | extrct columns=name", "unknown_command", "extract",
        "/search city=Berlin | extract columns=name",
    ),
    "column": ("/extract columns=nmae", "unknown_column", "name", "/extract columns=name"),
    "column of a condition": (
        "/search ctiy=Berlin", "unknown_column", "city", "/search city=Berlin",
    ),
    "column of a rule": (
        "/normalize emial=email_format", "unknown_column", "email", "/normalize email=email_format",
    ),
    "file": (
        "/dedupe file=custmers.csv", "file_not_found", "customers.csv",
        "/dedupe file=customers.csv",
    ),
    "argument": ("/dedupe keap=last", "invalid_argument", "keep", "/dedupe keep=last"),
    "column with a space": (
        "/extract columns='Frist name',id", "unknown_column", "First name",
        "/extract columns='First name',id",
    ),
    "column that needs quotes": (
        "/extract columns=Firstname", "unknown_column", "First name",
        "/extract columns='First name'",
    ),
    "word that is elsewhere too": (
        "/search city=nmae | extract columns=nmae", "unknown_column", "name", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_slip_of_the_pen(bob: Visitor, mistake: tuple[str, str, str, str | None]) -> None:
    text, code, nearest, mended = mistake
    job = bob.run(text)
    (answer,) = bob.answers_to(job["job_id"])
    assert (job["status"], job["error_code"], job["attempts"]) == ("failed", code, 1)
    assert (answer["kind"], answer["response"]) == ("error", job["error"])
    assert nearest in answer["response"]
    assert [button["text"] for button in answer["buttons"]] == ([mended] if mended else [])


WRONG = {
    "missing argument": ("/extract", "missing_argument"),
    "a choice that is none": ("/dedupe keep=frist", "invalid_argument"),
    "a quote left open": ("/search city='Berlin", "bad_syntax"),
    "an empty step": ("/search city=Berlin | | dedupe", "bad_syntax"),
    "a rule that is none": ("/normalize email=sparkle", "invalid_argument"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_command_that_cannot_run(bob: Visitor, wrong: tuple[str, str]) -> None:
    text, code = wrong
    job = bob.run(text)
    assert (job["status"], job["error_code"]) == ("failed", code)
    (answer,) = bob.answers_to(job["job_id"])
    assert answer["response"] == job["error"]
    assert len(answer["response"].split()) > 3


def test_no_file_yet(ada: Visitor) -> None:
    job = ada.run("/dedupe")
    assert (job["status"], job["error_code"]) == ("failed", "missing_file")
    assert "attach" in ada.answers_to(job["job_id"])[0]["response"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "empty_file"),
        ("page.xlsx", b"<!DOCTYPE html><html></html>", "wrong_file_kind"),
        ("paper.pdf", b"%PDF-1.7\n", "unsupported_file_type"),
    ],
)
def test_an_upload_that_is_none(ada: Visitor, name: str, content: bytes, code: str) -> None:
    told = ada.try_upload(name, content)
    assert (told.status, told.json["error_code"]) == (422, code)
    assert name in told.json["error"]
    assert ada.files() == []


def test_a_csv_without_rows(ada: Visitor) -> None:
    ada.upload("blank.csv", b"\n  \n\n")
    job = ada.run("/dedupe")
    assert (job["status"], job["error_code"]) == ("failed", "empty_file")


def test_a_plain_sentence_is_answered_with_buttons(ada: Visitor) -> None:
    job = ada.run("Please throw out the duplicates")
    (answer,) = ada.answers_to(job["job_id"])
    assert (job["status"], answer["kind"]) == ("completed", "text")
    assert any("/dedupe" in button["text"] for button in answer["buttons"])


def test_the_example_of_the_help_runs(ada: Visitor) -> None:
    job = ada.run("/help")
    (answer,) = ada.answers_to(job["job_id"])
    example = next(line for line in answer["response"].splitlines() if line.startswith("/"))
    ada.upload("customers.csv", customers.text())
    assert ada.run(example)["status"] == "completed"


def test_an_unknown_command_reaches_the_outside_agent_in_its_place(bridge: RunningBridge) -> None:
    visitor = Visitor(bridge.url, agent="default")
    desk = Desk(bridge.url, bridge.agent_key)
    said = [visitor.say(text)["message_id"] for text in ("before", "/weather Berlin", "after")]
    visitor.await_event("job.completed", 20)
    taken = [m for m in desk.inbox(wait=5) if m["session_id"] == visitor.session_id]
    assert [(m["id"], m["message"]) for m in taken] == list(
        zip(said, ("before", "/weather Berlin", "after"), strict=True)
    )
    desk.reply(taken[1], "Sunny.")
    desk.ack(taken[0], taken[2])
    assert [item["response"] for item in visitor.responses()] == ["Sunny."]


def test_a_known_command_stays_ours_in_an_outside_agents_session(bridge: RunningBridge) -> None:
    visitor = Visitor(bridge.url, agent="default")
    visitor.upload("customers.csv", customers.text())
    job = visitor.run("/dedupe")
    assert (job["status"], len(job["outputs"])) == ("completed", 1)
    waiting = Desk(bridge.url, bridge.agent_key).call("GET", action("inbox", peek=1)).data
    assert [m for m in waiting["messages"] if m["session_id"] == visitor.session_id] == []
