"""One job from its claim to its end, on the real store and in the real child."""

from pathlib import Path

import pytest

from chat_bridge.errors import DatabaseBusy, JobFailed, SheetTooLarge
from tests.worker.workshop import CHAT, Workshop, open_workshop

COMMAND = "/search city=Berlin"


def unfinished(workshop: Workshop) -> list[str]:
    return [path.name for path in workshop.bridge.files._work.iterdir()]  # type: ignore[attr-defined]  # the adapter's own


def test_a_command_ends_with_one_result(workshop: Workshop) -> None:
    job = workshop.given(COMMAND)
    workshop.handler.handle(job)
    (output,), (answer,) = workshop.outputs(), workshop.answers(job)
    assert (workshop.now(job).status, workshop.state(job.message_id)) == ("completed", "done")
    assert (output.rows, output.job_id) == (2, job.id)
    assert (
        workshop.bridge.attachments.path(output).read_text()
        == "name,city\nAda,Berlin\nCyd,Berlin\n"
    )
    assert (answer.kind, answer.message_id) == ("result", job.message_id)
    assert [(s.status, s.rows_in, s.rows_out) for s in workshop.now(job).steps] == [
        ("completed", 3, 2)
    ]
    assert unfinished(workshop) == []


def test_a_data_folder_may_be_named_from_where_the_worker_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `data`, which it is unless somebody says otherwise; the child stands elsewhere."""
    monkeypatch.chdir(tmp_path)
    with open_workshop(Path("data")) as workshop:
        job = workshop.given(COMMAND)
        workshop.handler.handle(job)
        assert (workshop.now(job).status, len(workshop.outputs())) == ("completed", 1)


def test_help_needs_no_file(workshop: Workshop) -> None:
    workshop.say("/help")
    job = workshop.claim()
    workshop.handler.handle(job)
    (answer,) = workshop.answers(job)
    assert (workshop.now(job).status, answer.kind) == ("completed", "text")
    assert answer.metadata["buttons"]


def test_an_upload_is_described(workshop: Workshop) -> None:
    workshop.say("/help")
    workshop.handler.handle(workshop.claim())
    workshop.upload()
    job = workshop.claim()
    workshop.handler.handle(job)
    file = workshop.bridge.attachments.find(CHAT, "customers.csv")
    assert (job.kind, workshop.now(job).status, file.rows) == ("profile", "completed", 3)
    assert workshop.answers(job) == []


def test_a_file_that_cannot_be_described_says_why(workshop: Workshop) -> None:
    workshop.say("/help")
    workshop.handler.handle(workshop.claim())
    workshop.upload(content=b'a,b\n1,"2\n')
    job = workshop.claim()
    workshop.handler.handle(job)
    file = workshop.bridge.attachments.find(CHAT, "customers.csv")
    assert (workshop.now(job).status, file.error_code) == ("failed", "bad_csv")
    assert workshop.answers(job) == []


def test_a_mistake_is_said_at_once(workshop: Workshop) -> None:
    job = workshop.given("/search ctiy=Berlin")
    workshop.handler.handle(job)
    (answer,) = workshop.answers(job)
    assert (workshop.now(job).status, workshop.now(job).error_code) == ("failed", "unknown_column")
    assert (answer.kind, workshop.outputs()) == ("error", [])
    assert [step.status for step in workshop.now(job).steps] == ["failed"]


@pytest.mark.parametrize("error", [JobFailed(), DatabaseBusy()])
def test_what_may_pass_is_tried_three_times(workshop: Workshop, error: Exception) -> None:
    job = workshop.given(COMMAND)
    workshop.hands.error = error
    for _ in range(2):
        workshop.handler.handle(job)
        assert (workshop.now(job).status, workshop.answers(job)) == ("pending", [])
        assert workshop.bridge.jobs.claim("worker-1") is None
        workshop.due()
        job = workshop.claim()
    workshop.handler.handle(job)
    (answer,) = workshop.answers(job)
    assert (workshop.now(job).status, workshop.state(job.message_id)) == ("dead", "done")
    assert (answer.kind, answer.text) == ("error", str(error))


def test_what_the_file_causes_is_not_tried_again(workshop: Workshop) -> None:
    job = workshop.given(COMMAND)
    workshop.hands.error = SheetTooLarge(name="customers.csv", actual="it", limit="less")
    workshop.handler.handle(job)
    assert (workshop.now(job).status, workshop.now(job).attempts) == ("failed", 1)


def test_who_was_replaced_leaves_nothing(workshop: Workshop) -> None:
    job = workshop.given(COMMAND)
    workshop.hands.meanwhile = lambda: [workshop.lose(job)].clear()
    workshop.handler.handle(job)
    assert (workshop.now(job).status, workshop.now(job).attempts) == ("running", 2)
    assert (workshop.outputs(), workshop.answers(job), unfinished(workshop)) == ([], [], [])


def test_who_was_replaced_cannot_fail_it_either(workshop: Workshop) -> None:
    job = workshop.given(COMMAND)
    taken = workshop.lose(job)
    workshop.hands.error = SheetTooLarge(name="customers.csv", actual="it", limit="less")
    workshop.handler.handle(job)
    assert workshop.now(job) == workshop.now(taken)
    assert workshop.now(job).status == "running"
    assert workshop.answers(job) == []


def test_a_commit_that_fails_takes_everything_back(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is written last; without it there is no output and no end either."""
    job = workshop.given(COMMAND)
    with monkeypatch.context() as broken:
        broken.setattr(type(workshop.bridge.outbox), "add", _full)
        workshop.handler.handle(job)
    assert (workshop.now(job).status, workshop.outputs()) == ("pending", [])
    workshop.due()
    workshop.handler.handle(workshop.claim())
    assert (workshop.now(job).status, len(workshop.outputs())) == ("completed", 1)
    assert workshop.outputs()[0].name == "customers_search.csv"


def _full(*_: object) -> None:
    raise DatabaseBusy


def test_a_worker_that_stops_gives_the_job_back(workshop: Workshop) -> None:
    job = workshop.given(COMMAND)
    workshop.stopping = True
    workshop.handler.handle(job)
    assert (workshop.now(job).status, workshop.now(job).attempts) == ("pending", 0)
    workshop.stopping = False
    workshop.handler.handle(workshop.claim())
    assert (workshop.now(job).status, workshop.now(job).attempts) == ("completed", 1)


def test_a_cancelled_run_says_nothing(workshop: Workshop) -> None:
    job = workshop.given(COMMAND)
    workshop.bridge.jobs.cancel(job)
    workshop.handler.handle(job)
    assert (workshop.now(job).status, workshop.state(job.message_id)) == ("cancelled", "done")
    assert (workshop.answers(job), workshop.outputs()) == ([], [])


def test_an_unknown_command_goes_to_the_outside_agent(workshop: Workshop) -> None:
    job = workshop.given("/weather Berlin", agent="default")
    workshop.handler.handle(job)
    assert (workshop.now(job).status, workshop.state(job.message_id)) == ("completed", "pending")
    assert workshop.answers(job) == []


def test_an_erased_conversation_takes_its_job_along(workshop: Workshop) -> None:
    job = workshop.given(COMMAND)
    session = workshop.bridge.sessions.find(CHAT)
    workshop.hands.meanwhile = lambda: workshop.bridge.sessions.erase(session)
    workshop.handler.handle(job)
    assert not workshop.bridge.sessions.exists(CHAT)
    assert unfinished(workshop) == []


def test_the_newest_file_is_worked_on_unless_another_is_named(workshop: Workshop) -> None:
    workshop.handler.handle(workshop.given("/help"))
    workshop.upload("newer.csv", b"name\nEve\n")
    for text, rows in (("/dedupe", 1), ("/dedupe file=customers.csv", 3)):
        workshop.say(text)
        while (job := workshop.bridge.jobs.claim("worker-1")) is not None:
            workshop.handler.handle(job)
        assert workshop.outputs()[-1].rows == rows


def test_a_first_look_leaves_nothing_behind(workshop: Workshop) -> None:
    workshop.say("/help")
    workshop.handler.handle(workshop.claim())
    workshop.upload()
    workshop.handler.handle(workshop.claim())
    assert list((workshop.bridge.files._root / "work").iterdir()) == []  # type: ignore[attr-defined]  # the adapter's own
