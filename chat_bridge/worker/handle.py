"""One job from its claim to its end. Every effect is in the commit that ends the job, guarded by
the fence: whoever was replaced meanwhile leaves nothing behind."""

import difflib
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.calls import facts_of
from chat_bridge.domain.jobs import MAX_ATTEMPTS, WORKER_GONE
from chat_bridge.errors import (
    BridgeError,
    DiskFull,
    FileNotFound,
    JobCancelled,
    JobFailed,
    LeaseLost,
    MissingFile,
    OutOfSpace,
    Unavailable,
    UnknownCommand,
)
from chat_bridge.model import (
    KIND,
    Answer,
    Attachment,
    Job,
    Limits,
    NewResponse,
    Plan,
    Progress,
    Run,
    RunResult,
)
from chat_bridge.ports import Description, Engine, JobEnd, NewEvent
from chat_bridge.worker import replies
from chat_bridge.worker.shortcuts import Shortcuts
from chat_bridge.workflow import plan as workflow

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Handler:
    bridge: Bridge
    engine: Engine
    limits: Limits
    stopping: Callable[[], bool]

    def handle(self, job: Job) -> None:
        try:
            self._carry_out(job)
        except LeaseLost:
            log.warning("job %s was taken over by another worker", job.id)
        except JobCancelled as error:
            self._cancelled(job, error)
        except BridgeError as error:
            self._failed(job, error)

    def reap(self, job: Job) -> None:
        """A job whose worker has gone: again, or given up."""
        self._failed(job, JobFailed(WORKER_GONE))

    def _carry_out(self, job: Job) -> None:
        if job.kind == "profile":
            self._profile(job)
            return
        if job.kind == KIND:
            self._operate(job)
            return
        shortcuts = Shortcuts(self.bridge)
        meant = shortcuts.understand(job)
        if isinstance(meant, Answer):
            self._say(job, replies.answer(job, meant))
            return
        job = replace(job, command=meant)
        try:
            understood = workflow.interpret(meant)
        except UnknownCommand:
            if not self._hand_on(job):
                raise
            return
        if isinstance(understood, Answer):
            asked = meant.split()[:1] in (["/help"], ["/?"], ["/commands"])
            said = shortcuts.help(job, understood) if asked else understood
            self._say(job, replies.answer(job, said))
        else:
            self._run(job, understood)

    # -- commands

    def _say(self, job: Job, reply: NewResponse) -> None:
        with self.bridge.store.write():
            self.bridge.jobs.end(job, JobEnd("completed"))
            self.bridge.outbox.add(reply)

    def _run(self, job: Job, plan: Plan) -> None:
        bridge = self.bridge
        source = self._source(job, plan)
        bridge.jobs.begin(job, plan.steps)
        others = bridge.attachments.spreadsheets(job.session_id)
        work_dir = bridge.files.work_dir()
        try:
            run = Run(
                plan=plan, source=bridge.attachments.source(source), output_dir=work_dir,
                files={file.name: bridge.attachments.source(file) for file in others},
                limits=self.limits,
            )  # fmt: skip
            watch = _Watch(self, job)
            done = self.engine.run(run, watch.report, watch.should_stop)
            self._complete(job, done)
        finally:
            shutil.rmtree(work_dir, ignore_errors=True)

    def _complete(self, job: Job, done: RunResult) -> None:
        bridge = self.bridge
        session = bridge.sessions.find(job.session_id)
        blobs = [(output, bridge.files.adopt(output.path)) for output in done.outputs]
        outcome = {"summary": done.summary, "warnings": list(done.warnings), **done.data}
        with bridge.store.write():
            bridge.jobs.end(job, JobEnd("completed", outcome))
            bridge.store.jobs.count_steps(job.id, done.steps)
            kept = [
                bridge.attachments.keep_output(session, output, blob, job.id)
                for output, blob in blobs
            ]
            bridge.outbox.add(replies.result(job, done, kept))

    def _source(self, job: Job, plan: Plan) -> Attachment:
        """The file a command names, else the one sent with it, else the newest upload."""
        sheets = self.bridge.attachments.spreadsheets(job.session_id)
        wanted = plan.file or job.file
        if wanted is None:
            uploads = [file for file in sheets if file.kind == "upload"]
            if not uploads:
                raise MissingFile
            return uploads[-1]
        for file in sheets:
            if file.name == wanted:
                return file
        names = [file.name for file in sheets]
        near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
        hint = f"; did you mean '{near[0]}'?" if near else "."
        raise FileNotFound(
            f"There is no file named '{wanted}' in this conversation{hint}",
            file=wanted,
            nearest=near[0] if near else None,
        )

    def _hand_on(self, job: Job) -> bool:
        """An unknown command may be meant for the outside agent that the visitor talks to."""
        bridge = self.bridge
        message = bridge.store.messages.find(job.message_id or 0)
        if message is None or bridge.agents.by_id(message.agent_id).built_in:
            return False
        with bridge.store.write():
            bridge.jobs.end(job, JobEnd("completed", {"handed_on": True}), finish_message=False)
            bridge.store.messages.hand_on(message.id)
            bridge.store.events.add(
                NewEvent(
                    job.session_id, "message.released", bridge.clock.now(),
                    message_id=message.id, payload={"message_id": message.id},
                )
            )  # fmt: skip
        return True

    # -- operations outside of any conversation

    def _operate(self, job: Job) -> None:
        bridge = self.bridge
        plan, source, files = bridge.calls.run_of(job)
        work_dir = bridge.files.work_dir()
        try:
            run = Run(plan, source, work_dir, files, self.limits)
            done = self.engine.run(run, lambda _progress: None, _Watch(self, job).should_stop)
            bridge.calls.complete(job, done)
        finally:
            shutil.rmtree(work_dir, ignore_errors=True)

    # -- a first look at an upload

    def _profile(self, job: Job) -> None:
        bridge = self.bridge
        file = bridge.attachments.find(job.session_id, job.file or "")
        source = bridge.attachments.source(file)
        work_dir = bridge.files.work_dir()
        try:
            profile = self.engine.profile(source, self.limits, work_dir)
        finally:
            shutil.rmtree(work_dir, ignore_errors=True)
        with bridge.store.write():
            bridge.jobs.end(job, JobEnd("completed"))
            bridge.attachments.describe(job.session_id, file.name, profile)

    # -- how a run may fail

    def _cancelled(self, job: Job, error: JobCancelled) -> None:
        if self.bridge.jobs.cancel_requested(job):
            self._end(job, JobEnd("cancelled", error=error.message, error_code=error.code))
        elif self.stopping():
            self.bridge.jobs.release(job)
        else:
            log.warning("job %s was taken over by another worker", job.id)

    def _failed(self, job: Job, error: BridgeError) -> None:
        """What may pass is tried again; what the request itself causes is said at once, and so is
        a full disk: a person makes room on it."""
        if type(error) is OutOfSpace:
            error = DiskFull()
        may_pass = type(error) is JobFailed or isinstance(error, Unavailable)
        if may_pass and job.attempts < MAX_ATTEMPTS:
            self.bridge.jobs.requeue(job, error.message, error.code)
            return
        if job.kind == KIND:  # whoever asked asks again; it is nobody's dead letter
            self._end(job, JobEnd("failed", facts_of(error), error.message, error.code))
            return
        status = "dead" if may_pass else "failed"
        end = JobEnd(status, error=error.message, error_code=error.code)
        self._end(job, end, replies.failure(job, error))

    def _end(self, job: Job, end: JobEnd, reply: NewResponse | None = None) -> None:
        bridge = self.bridge
        try:
            with bridge.store.write():
                bridge.jobs.end(job, end)
                if job.kind == "profile":
                    about = Description(error=end.error, error_code=end.error_code)
                    bridge.attachments.describe(job.session_id, job.file or "", about)
                elif reply is not None:
                    bridge.outbox.add(reply)
        except LeaseLost:
            log.warning("job %s was taken over by another worker", job.id)
            return
        if job.kind == KIND:
            bridge.calls.settle(job)


class _Watch:
    """Tells a run's progress, and stops it when it was cancelled, lost, or the worker ends."""

    def __init__(self, handler: Handler, job: Job) -> None:
        self._handler = handler
        self._job = job
        self._lost = False
        self._looked_at = float("-inf")
        self._cancelled = False

    def report(self, progress: Progress) -> None:
        try:
            self._handler.bridge.jobs.report(self._job, progress)
        except LeaseLost:
            self._lost = True

    def should_stop(self) -> bool:
        if time.monotonic() - self._looked_at > LOOK_EVERY_SECONDS:
            self._looked_at = time.monotonic()
            now = self._handler.bridge.jobs.find(self._job.id)
            self._cancelled = now.cancel_requested or now.fence != self._job.fence
        return self._lost or self._cancelled or self._handler.stopping()
