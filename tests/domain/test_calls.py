"""Operations outside of any conversation: admitted, repeated, ended and forgotten."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from chat_bridge.domain.calls import facts_of
from chat_bridge.domain.room import Quotas, Room
from chat_bridge.errors import (
    BytesErased,
    IdempotencyConflict,
    QuotaExceeded,
    ResultNotFound,
    TooManyRequests,
    Unavailable,
    UnknownColumn,
)
from chat_bridge.model import Job, NewCall, Output, Received, RunResult, Step
from chat_bridge.ports import JobEnd
from tests.builders import ADAS_CHAT, House, new_house

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


def test_the_moment_in_a_name_is_no_part_of_what_was_asked(house: House) -> None:
    def asked(name: str, named: str | None = None) -> NewCall:
        step = Step("json/generate", {"output_filename": name}, "Write JSON")
        return replace(call(house, key="k"), steps=(step,), result_name=name, named=named)

    first = house.calls.submit(asked("people_20261121_220506.json"))
    assert house.calls.submit(asked("people_20261121_220507.json")) == first
    with pytest.raises(IdempotencyConflict):
        house.calls.submit(asked("mine.json", "mine.json"))


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


def limited(folder: Path, quotas: Quotas) -> House:
    house = new_house(folder)
    object.__setattr__(house.attachments, "room", Room(house.store, house.files, quotas))
    return house


def keyed(house: House, size: int, *, caller: str = "key:7", repeat: str | None = None) -> NewCall:
    new = call(house, content=bytes([size % 251]) * size)
    return NewCall(caller, new.steps, new.files, "out.csv", idempotency_key=repeat)


def test_uploads_of_a_key_count_whatever_they_are_for(tmp_path: Path) -> None:
    house = limited(tmp_path, Quotas(key=100))
    house.say("Hello")
    blob = house.attachments.receive(io.BytesIO(b"x" * 50))
    owner = house.sessions.find(ADAS_CHAT)
    house.attachments.attach(owner, blob, "list.txt", uploader="key:7")
    with pytest.raises(QuotaExceeded, match="This key may hold 100 B") as refused:
        house.calls.submit(keyed(house, 51))
    assert refused.value.status == 507
    house.calls.submit(keyed(house, 51, caller="key:8"))
    house.calls.submit(keyed(house, 40))
    with pytest.raises(QuotaExceeded, match="holds 90 B"):
        house.attachments.attach(owner, house.attachments.receive(io.BytesIO(b"y" * 11)), "b.txt",
                                 uploader="key:7")  # fmt: skip


def test_files_of_operations_count_in_all(tmp_path: Path) -> None:
    house = limited(tmp_path, Quotas(total=100))
    house.calls.submit(keyed(house, 60))
    assert house.attachments.room.usage()["used_bytes"] == 60
    with pytest.raises(QuotaExceeded, match="This server"):
        house.calls.submit(keyed(house, 41, caller="address:ada"))


def test_a_result_takes_the_place_of_what_it_was_made_of(tmp_path: Path) -> None:
    house = limited(tmp_path, Quotas(key=100))
    job_id = house.calls.submit(keyed(house, 99))
    house.calls.complete(claimed(house), done(house))
    outcome = house.calls.outcome(job_id)
    assert outcome is not None
    assert house.attachments.room.usage()["used_bytes"] == outcome.files[0].size


def test_a_result_without_room_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    house = limited(tmp_path, Quotas(key=100))
    job_id = house.calls.submit(keyed(house, 5, repeat="k"))
    job, run = claimed(house), done(house)
    run.outputs[0].path.write_bytes(b"z" * 101)
    with pytest.raises(QuotaExceeded):
        house.calls.complete(job, run)
    assert house.calls.outcome(job_id) is None, "whoever ran it tells its end"
    with house.store.write():
        house.jobs.end(job, JobEnd("failed", {}, "No room.", "quota_exceeded"))
    house.calls.settle(job)
    assert house.attachments.room.usage()["used_bytes"] == 0
    assert not [path for path in (house.folder / "blobs").rglob("*") if path.is_file()]
    assert house.calls.submit(keyed(house, 5, repeat="k")) != job_id, "there may be room now"


def test_bytes_erased_while_they_were_being_named_have_to_be_sent_again(house: House) -> None:
    new = call(house)
    house.attachments.discard(new.files[0].blob.sha256)
    with pytest.raises(BytesErased):
        house.calls.submit(new)
    assert house.jobs.claim("worker-1") is None
