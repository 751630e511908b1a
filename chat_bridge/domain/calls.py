"""Operations asked for over HTTP: jobs outside of any conversation, with files of their own that
are gone after a while."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from chat_bridge.domain import tokens
from chat_bridge.domain.attachments import Attachments
from chat_bridge.domain.jobs import Jobs
from chat_bridge.errors import (
    BadRequest,
    BridgeError,
    BytesErased,
    IdempotencyConflict,
    JobFinished,
    OutputTooLarge,
    ResultNotFound,
    TooLarge,
    TooManyRequests,
    Unavailable,
)
from chat_bridge.model import (
    ENDED,
    KIND,
    OPERATIONS,
    Blob,
    CallFile,
    CallOutcome,
    Job,
    NewCall,
    Plan,
    RunResult,
    Source,
    Step,
)
from chat_bridge.ports import Clock, Files, JobEnd, Store, Wakeup

RANDOM = 22
RESULT, ANSWER = "result", "answer"
SMALL_BYTES = 64 << 10  # facts up to here stand in the job's row, larger ones in a file
LARGEST_BYTES = 16 << 20
RETRY_SECONDS = 5
SWEPT_AT_ONCE = 200
PASSING = (
    "job_failed",
    "unavailable",
    "database_busy",
    "quota_exceeded",
    "insufficient_storage",
    "disk_full",
)  # an error that another try may not meet
ENDED_WORD = "operation.ended"


@dataclass(frozen=True)
class Calls:
    """`most` calls wait or run at a time, `most_of_one` of them from one caller."""

    store: Store
    files: Files
    clock: Clock
    wakeup: Wakeup
    jobs: Jobs
    attachments: Attachments
    kept_seconds: int
    most: int = 64
    most_of_one: int = 16

    # -- from the web

    def admit(self, caller: str) -> None:
        everyone, own = self.store.calls.open(caller)
        if own >= self.most_of_one:
            raise TooManyRequests(
                "Too many operations of yours are under way.", retry_after=RETRY_SECONDS
            )
        if everyone >= self.most:
            raise Unavailable(
                "Too many operations are under way; try again in a moment.",
                retry_after=RETRY_SECONDS,
            )

    def submit(self, new: NewCall) -> str:
        """Queues the call; a repeated one has the job it had."""
        command = _command(new)
        body_hash = _hash(new, command)
        with self.store.write():
            earlier = self._earlier(new, body_hash)
            if earlier is not None:
                return earlier
            self.admit(new.caller)
            now = self.clock.now()
            self.store.calls.open_session(OPERATIONS, now=now)
            job_id = self.jobs.queue(OPERATIONS, command, file=None, kind=KIND)
            self.store.calls.add(
                job_id, new.caller, key=new.idempotency_key, body_hash=body_hash, now=now
            )
            for file in new.files:
                name = tokens.random_word(RANDOM)
                kept = CallFile(
                    name, job_id, file.field, file.name, file.blob.sha256, file.blob.size
                )
                self._keep(kept, new.caller)
        return job_id

    def outcome(self, job_id: str) -> CallOutcome | None:
        """None while it has not ended."""
        job = self.jobs.find(job_id)
        if job.status not in ENDED:
            return None
        files = [f for f in self.store.calls.files(job_id) if f.field in (RESULT, ANSWER)]
        told: Mapping[str, Any] = job.result
        if answer := next((f for f in files if f.field == ANSWER), None):
            told = json.loads(self.files.path(answer.sha256).read_bytes())
        return CallOutcome(
            told.get("data", {}),
            told.get("warnings", ()),
            [f for f in files if f.field == RESULT],
            job.error if job.error or job.status == "completed" else "The job was cancelled.",
            job.error_code or ("job_cancelled" if job.status == "cancelled" else None),
            told.get("details", {}),
        )

    def abandon(self, job_id: str) -> None:
        """Whoever asked is gone: nobody needs the result."""
        try:
            job = self.jobs.cancel(self.jobs.find(job_id))
        except JobFinished:
            return
        if job.status in ENDED:
            self.settle(job)

    def download(self, name: str) -> CallFile:
        if "/" in name or "\\" in name or not name.strip(" ._"):
            raise BadRequest("This is not the name of a file.")
        file = self.store.calls.file(name)
        if file is None or file.field != RESULT:
            raise ResultNotFound(name=name)
        return file

    # -- from the worker

    def run_of(self, job: Job) -> tuple[Plan, Source, Mapping[str, Source]]:
        """The plan, the file it works on, and all files by the field they came in."""
        told = json.loads(job.command)
        steps = tuple(Step(s["operation"], s["arguments"], s["title"]) for s in told["steps"])
        found = {file.field: file for file in self.store.calls.files(job.id)}
        sources = {
            field: Source(self.files.path(found[field].sha256), found[field].shown_name)
            for field in told["fields"]
        }
        plan = Plan(
            steps,
            sheet=told["sheet"],
            header_row=told["header_row"],
            keep_formulas=told.get("keep_formulas", False),
            preview=told.get("preview", False),
        )
        return plan, sources[told["fields"][0]], sources

    def complete(self, job: Job, done: RunResult) -> None:
        blobs = [self.files.adopt(output.path) for output in done.outputs]
        facts = {
            "data": {"rows_written": _rows(done), **done.data},
            "warnings": list(done.warnings),
        }
        encoded = json.dumps(facts, ensure_ascii=False, default=str).encode("utf-8", "replace")
        answer = self._large(encoded)
        name = json.loads(job.command)["result_name"]
        made = [
            CallFile(_unguessable(name), job.id, RESULT, name, blob.sha256, blob.size)
            for blob in blobs
        ]
        if answer:
            word = tokens.random_word(RANDOM)
            large = CallFile(word, job.id, ANSWER, "answer.json", answer.sha256, answer.size)
            made.append(large)
        try:
            with self.store.write():
                self.jobs.end(job, JobEnd("completed", {} if answer else json.loads(encoded)))
                given = self._forget_given(job)  # what came makes room for what was made of it
                for file in made:
                    self._keep(file, self.store.calls.caller(job.id))
        except BridgeError:
            self._discard(made)
            raise
        self._settled(job, given)

    def settle(self, job: Job) -> None:
        """It has ended: uploads are not kept, and who waits is woken."""
        with self.store.write():
            given = self._forget_given(job)
        self._settled(job, given)

    def _forget_given(self, job: Job) -> list[CallFile]:
        given = [f for f in self.store.calls.files(job.id) if f.field not in (RESULT, ANSWER)]
        for file in given:
            self.store.calls.forget_file(file.name)
        return given

    def _settled(self, job: Job, given: Sequence[CallFile]) -> None:
        self._discard(given)
        told = {"session_id": job.id, "kind": ENDED_WORD, "audience": "staff"}
        self.wakeup.notify(json.dumps(told).encode())

    # -- upkeep

    def sweep(self) -> int:
        """Forgets results that were kept long enough, and says how many calls."""
        before = self.clock.text(self.clock.now_ms() - self.kept_seconds * 1000)
        old = self.store.calls.old(before, SWEPT_AT_ONCE)
        for job_id in old:
            files = self.store.calls.files(job_id)
            with self.store.write():
                self.store.calls.erase(job_id)
            self._discard(files)
        return len(old)

    def _earlier(self, new: NewCall, body_hash: str) -> str | None:
        """The job of a repeated request; one that came to nothing is tried anew."""
        if new.idempotency_key is None:
            return None
        known = self.store.calls.by_key(new.caller, new.idempotency_key)
        if known is None:
            return None
        job_id, earlier_hash = known
        if earlier_hash != body_hash:
            raise IdempotencyConflict
        job = self.jobs.find(job_id)
        if job.status == "cancelled" or job.error_code in PASSING:
            self.store.calls.erase(job_id)
            return None
        return job_id

    def _keep(self, file: CallFile, caller: str | None) -> None:
        """Inside a transaction; refused where there is no room."""
        if not self.files.path(file.sha256).exists():
            raise BytesErased
        self.attachments.room.check_whose(caller, file.sha256, file.size)
        self.store.calls.add_file(file, now=self.clock.now())

    def _large(self, encoded: bytes) -> Blob | None:
        if len(encoded) <= SMALL_BYTES:
            return None
        try:
            return self.files.add(io.BytesIO(encoded), LARGEST_BYTES)
        except TooLarge as error:
            raise OutputTooLarge(
                f"The answer is larger than {LARGEST_BYTES >> 20} MiB; ask for a file instead."
            ) from error

    def _discard(self, files: Sequence[CallFile]) -> None:
        for sha256 in {file.sha256 for file in files}:
            self.attachments.discard(sha256)


def facts_of(error: BridgeError) -> dict[str, Any]:
    """The details of an error as plain values."""
    details: dict[str, Any] = json.loads(json.dumps(error.details, default=str))
    return {"details": details}


def _command(new: NewCall) -> str:
    told = {
        "steps": [
            {"operation": s.operation, "arguments": dict(s.arguments), "title": s.title}
            for s in new.steps
        ],
        "fields": [file.field for file in new.files],
        "sheet": new.sheet,
        "header_row": new.header_row,
        "result_name": new.result_name,
        "keep_formulas": new.keep_formulas,
        "preview": new.preview,
    }
    return json.dumps(told, ensure_ascii=False)


def _hash(new: NewCall, command: str) -> str:
    """Of what was asked; the moment in a name that we made is no part of it."""
    asked = {**json.loads(command), "result_name": new.named}
    for step in asked["steps"]:
        if step["arguments"].get("output_filename") == new.result_name:
            step["arguments"]["output_filename"] = new.named
    parts = [json.dumps(asked, sort_keys=True), *(f"{f.name}:{f.blob.sha256}" for f in new.files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _unguessable(name: str) -> str:
    path = PurePosixPath(name)
    return f"{path.stem}_{tokens.random_word(RANDOM)}{path.suffix}"


def _rows(done: RunResult) -> int | None:
    return done.outputs[0].rows if done.outputs else None
