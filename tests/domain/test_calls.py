"""Operations outside of any conversation: admitted, repeated, ended and forgotten."""

import io
from pathlib import Path

import pytest

from chat_bridge.domain.calls import facts_of
from chat_bridge.errors import (
    IdempotencyConflict,
    ResultNotFound,
    TooManyRequests,
    Unavailable,
    UnknownColumn,
)
from chat_bridge.model import Job, NewCall, Output, Received, RunResult, Step
from chat_bridge.ports import JobEnd
from tests.builders import House

STEP = Step("sort", {"columns": ["name"]}, "Sort by name")


def call(house: House, *, key: str | None = None, content: bytes = b"name\nAda\n") -> NewCall:
    blob = house.attachments.receive(io.BytesIO(content))
    files = [Received("file", "people.csv", blob)]
    return NewCall("address:ada", [STEP], files, "people_sorted.csv", idempotency_key=key)


def claimed(house: House) -> Job:
    job = house.jobs.claim("worker-1")
    assert job is not None
    return job


def done(house: House, name: str = "out", **facts: object) -> RunResult:
    path = house.folder / name
    path.write_text("name\nAda\n")
    output = Output(path, "ignored.csv", "text/csv", 1, None, None)
    return RunResult("1 row.", (output,), (), data=facts)


def test_a_call_runs_once_and_its_result_is_there(house: House) -> None:
    job_id = house.calls.submit(call(house))
    assert house.calls.outcome(job_id) is None
    job = claimed(house)
    plan, source, files = house.calls.run_of(job)
    assert plan.steps == (STEP,)
    assert source.path.read_bytes() == b"name\nAda\n"
    assert list(files) == ["file"]
    house.calls.complete(job, done(house, total_rows=1))
    outcome = house.calls.outcome(job_id)
    assert outcome is not None
    (file,) = outcome.files
    assert outcome.data["total_rows"] == 1
    assert file.shown_name == "people_sorted.csv"
    assert file.name != file.shown_name
    assert house.calls.download(file.name) == file
    with pytest.raises(ResultNotFound):
        house.calls.download(file.shown_name)


def test_uploads_are_not_kept(house: House) -> None:
    new = call(house, content=b"name\nOnce\n")
    house.calls.submit(new)
    house.calls.complete(claimed(house), done(house))
    assert not new.files[0].blob.path.exists()


def test_nobody_sees_the_session_of_operations(house: House) -> None:
    house.calls.submit(call(house))
    house.calls.complete(claimed(house), done(house))
    assert house.store.sessions.overviews("", 10, 0) == []
    assert house.store.sessions.count_everything()["sessions"] == 0
    assert house.store.events.after(0, 10) == []


def test_a_large_answer_is_no_row_of_the_database(house: House) -> None:
    job_id = house.calls.submit(call(house))
    values = ["é" * 100] * 1_000
    house.calls.complete(claimed(house), done(house, values=values))
    outcome = house.calls.outcome(job_id)
    assert outcome is not None
    assert outcome.data["values"] == values
    assert house.jobs.find(job_id).result == {}


def test_a_repeated_call_has_the_job_it_had(house: House) -> None:
    first = house.calls.submit(call(house, key="k"))
    assert house.calls.submit(call(house, key="k")) == first
    with pytest.raises(IdempotencyConflict):
        house.calls.submit(call(house, key="k", content=b"name\nBob\n"))
    house.calls.abandon(first)
    assert house.calls.submit(call(house, key="k")) != first, "it came to nothing"


def test_only_so_many_at_a_time(house: House) -> None:
    """Four in all, two of one caller."""
    for _ in range(2):
        house.calls.submit(call(house))
    with pytest.raises(TooManyRequests) as refused:
        house.calls.submit(call(house))
    assert refused.value.details["retry_after"] > 0
    for _ in range(2):
        new = call(house)
        house.calls.submit(NewCall("key:7", new.steps, new.files, ""))
    with pytest.raises(Unavailable):
        house.calls.admit("key:8")


def test_an_abandoned_call_is_cancelled(house: House) -> None:
    waiting, running = house.calls.submit(call(house)), house.calls.submit(call(house))
    job = claimed(house)
    assert job.id == waiting
    house.calls.abandon(running)
    house.calls.abandon(waiting)
    outcome = house.calls.outcome(running)
    assert outcome is not None
    assert outcome.error_code == "job_cancelled"
    assert house.jobs.cancel_requested(job)
    house.calls.abandon(running)  # twice does no harm


def test_an_error_keeps_its_details(house: House) -> None:
    job_id = house.calls.submit(call(house))
    job = claimed(house)
    error = UnknownColumn("There is no column 'x'.", column="x", nearest=None, folder=Path("/a"))
    with house.store.write():
        house.jobs.end(job, JobEnd("failed", facts_of(error), error.message, error.code))
    outcome = house.calls.outcome(job_id)
    assert outcome is not None
    assert (outcome.error_code, outcome.details["column"]) == ("unknown_column", "x")


def test_results_are_swept_after_a_while(house: House) -> None:
    job_id = house.calls.submit(call(house))
    house.calls.complete(claimed(house), done(house))
    outcome = house.calls.outcome(job_id)
    assert outcome is not None
    (file,) = outcome.files
    house.clock.pass_seconds(3_599)
    assert house.calls.sweep() == 0
    house.clock.pass_seconds(2)
    house.upkeep().tend()
    with pytest.raises(ResultNotFound):
        house.calls.download(file.name)
    assert not house.files.path(file.sha256).exists()
