"""How results and errors read in the chat."""

import pytest

from chat_bridge.errors import (
    BadArgument,
    BridgeError,
    CommandError,
    FileNotFound,
    JobFailed,
    UnknownColumn,
    UnknownCommand,
)
from chat_bridge.model import Answer, Attachment, Button, Job, RunResult
from chat_bridge.worker import replies
from chat_bridge.workflow.plan import interpret


def job(command: str) -> Job:
    return Job(
        id="job_1", session_id="session_ada", message_id=7, kind="command", command=command,
        file=None, status="running", attempts=1, fence=1, steps=(), progress={},
        cancel_requested=False, result={}, error=None, error_code=None,
        created_at="2026-11-21T12:00:00.000Z", started_at=None, finished_at=None,
    )  # fmt: skip


def output(name: str) -> Attachment:
    return Attachment(
        id=1, session_id="session_ada", name=name, kind="output", content_type="text/csv",
        sha256="0" * 64, size=10, rows=1, columns=(), preview={"rows": [["Ada"]]}, error=None,
        error_code=None, job_id="job_1", created_at="2026-11-21T12:00:00.000Z",
    )  # fmt: skip


def button(command: str, error: BridgeError) -> str | None:
    found = replies.failure(job(command), error).metadata["buttons"]
    return found[0]["text"] if found else None


def test_a_result_names_its_files_and_shows_the_first() -> None:
    run = RunResult("1 row.", (), (), warnings=("Look.",), data={"total_rows": 1})
    reply = replies.result(job("/dedupe"), run, [output("a.csv"), output("b.csv")])
    assert (reply.kind, reply.text, reply.message_id) == ("result", "1 row.", 7)
    assert reply.attachments == ("a.csv", "b.csv")
    assert reply.metadata["preview"] == {"file": "a.csv", "rows": [["Ada"]]}
    assert (reply.metadata["warnings"], reply.metadata["data"]) == (["Look."], {"total_rows": 1})


def test_a_result_without_files() -> None:
    reply = replies.result(job("/info"), RunResult("Nothing.", (), ()), [])
    assert (reply.attachments, reply.metadata["preview"]) == ((), None)


def test_an_answer_carries_its_buttons() -> None:
    reply = replies.answer(job("/help"), Answer("Help.", (Button("Try", "/dedupe", "send"),)))
    assert (reply.kind, reply.metadata["buttons"]) == (
        "text", [{"label": "Try", "text": "/dedupe", "action": "send"}],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("command", "error", "mended"),
    [
        ("/serch a=1", UnknownCommand(command="serch", nearest="search"), "/search a=1"),
        ("/x columns=nmae", UnknownColumn(column="nmae", nearest="name"), "/x columns=name"),
        ("/x 'nmae', b", UnknownColumn(column="nmae", nearest="full name"), "/x 'full name', b"),
        ("/x columns=nmae", UnknownColumn(column="nmae", nearest="a b"), "/x columns='a b'"),
        ("/x columns=b", UnknownColumn(column="b", nearest="d'or"), '/x columns="d\'or"'),
        ("/x file=a.csv", FileNotFound(file="a.csv", nearest="b.csv"), "/x file=b.csv"),
        ("/x nmae | y nmae", UnknownColumn(column="nmae", nearest="name"), None),
        (
            "/x nmae | y nmae", UnknownColumn(column="nmae", nearest="name", position=10),
            "/x nmae | y name",
        ),
        ("/names nam", UnknownColumn(column="nam", nearest="name"), "/names name"),
        ("/x columns=nmae", UnknownColumn(column="nmae", nearest=None), None),
        ("/x", JobFailed(), None),
        (
            "/dedupe keep=frist", BadArgument(argument="keep", value="frist", nearest="first"),
            "/dedupe keep=first",
        ),
        ("/x a=b", BadArgument(argument="keep", value="b", nearest=None), None),
    ],
)  # fmt: skip
def test_a_mistake_comes_with_its_mended_command(
    command: str, error: BridgeError, mended: str | None
) -> None:
    assert button(command, error) == mended


def test_an_error_says_its_code() -> None:
    reply = replies.failure(job("/x"), JobFailed())
    assert (reply.kind, reply.text, reply.metadata["error_code"]) == (
        "error", "The job failed.", "job_failed",
    )  # fmt: skip


def test_wrong_choices_rules_and_operators_have_their_button() -> None:
    for command, mended in (
        ("/dedupe keep=frist", "/dedupe keep=first"),
        ("/search a=1 logic=orr", "/search a=1 logic=OR"),
        ("/normalize mail=emial", "/normalize mail=email"),
        ("/validate mail=requird", "/validate mail=required"),
    ):
        with pytest.raises(CommandError) as refused:
            interpret(command)
        assert button(command, refused.value) == mended
