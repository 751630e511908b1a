"""The durable queue of commands: leased and fenced, run once, ended in one commit."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.domain import tokens
from chat_bridge.domain.redaction import NOTICE
from chat_bridge.errors import (
    CommandRemoved,
    JobFinished,
    JobNotFound,
    JobRunning,
    JobStarted,
    LeaseLost,
)
from chat_bridge.model import ENDED, OPERATIONS, Job, Progress, Step
from chat_bridge.ports import Beat, Clock, JobEnd, NewEvent, Store

LEASE_MS = 15_000
MAX_ATTEMPTS = 3
RETRY_DELAY_MS = 1_000
WORKER_MS = 15_000
WORKER_GONE = "The worker stopped while it ran this job."


@dataclass(frozen=True)
class Jobs:
    store: Store
    clock: Clock

    # -- from the web

    def queue(
        self, session_id: str, command: str, *, file: str | None, kind: str = "command"
    ) -> str:
        """Adds a job inside the caller's transaction."""
        job_id = "job_" + tokens.random_word(22)
        self.store.jobs.add(
            job_id, session_id, kind=kind, command=command, file=file, now=self.clock.now()
        )
        return job_id

    def announce(self, job_id: str, session_id: str, message_id: int) -> None:
        self.store.jobs.attach(job_id, message_id)
        self._tell(job_id, session_id, "job.created")

    def find(self, job_id: str) -> Job:
        job = self.store.jobs.find(job_id)
        if job is None:
            raise JobNotFound
        return job

    def of_session(self, session_id: str, limit: int = 50) -> Sequence[Job]:
        return self.store.jobs.of_session(session_id, limit)

    def cancel(self, job: Job) -> Job:
        """At once for a job that waits; a running one is stopped by its worker."""
        with self.store.write():
            if self.store.jobs.cancel_pending(job.id, now=self.clock.now()):
                self._tell(job.id, job.session_id, "job.cancelled")
                if job.message_id is not None:
                    self.store.messages.finish(job.message_id)
            elif not self.store.jobs.request_cancel(job.id):
                raise JobFinished(status=self.find(job.id).status)
        return self.find(job.id)

    def retry(self, job: Job) -> Job:
        with self.store.write():
            if self.find(job.id).command == NOTICE:
                raise CommandRemoved
            if not self.store.jobs.retry(job.id):
                status = self.find(job.id).status
                raise JobFinished(status=status) if status in ENDED else JobRunning(status=status)
            self._tell(job.id, job.session_id, "job.created")
        return self.find(job.id)

    def let_ahead(self, job: Job, *, ahead: bool) -> Job:
        """Before every job that nobody has let ahead, or in its usual place again."""
        with self.store.write():
            if not self.store.jobs.let_ahead(job, int(ahead)):
                status = self.find(job.id).status
                raise JobFinished(status=status) if status in ENDED else JobStarted(status=status)
        return self.find(job.id)

    # -- from the worker

    def claim(self, owner: str) -> Job | None:
        """The next job that may start, now held by `owner`; None when there is none."""
        now, boot = self.clock.boot_ms(), self.clock.boot_id()
        if self.store.jobs.next(now, boot) is None:
            return None
        with self.store.write():
            job_id = self.store.jobs.next(now, boot)
            if job_id is None:
                return None
            beat = Beat(owner, now + LEASE_MS, boot)
            self.store.jobs.start(job_id, beat, now=self.clock.now())
        return self.find(job_id)

    def begin(self, job: Job, steps: Sequence[Step]) -> None:
        """The command was understood: its steps are known from now on."""
        with self.store.write():
            self._hold(job)
            self.store.jobs.set_steps(job.id, steps)
            self.report_inside(job, Progress(step=0, rows_done=0))

    def beat(self, job: Job) -> bool:
        """Renews the lease; False when it is lost. True also when only a cancel was asked for."""
        with self.store.write():
            return self.store.jobs.beat(job.id, job.fence, self.clock.boot_ms() + LEASE_MS)

    def cancel_requested(self, job: Job) -> bool:
        return self.find(job.id).cancel_requested

    def report(self, job: Job, progress: Progress) -> None:
        with self.store.write():
            self.report_inside(job, progress)

    def report_inside(self, job: Job, progress: Progress) -> None:
        if not self.store.jobs.report(job.id, job.fence, vars(progress)):
            raise LeaseLost(message_id=job.message_id, job_id=job.id)
        self.store.jobs.mark_steps(job.id, "completed", 0, progress.step - 1)
        self.store.jobs.mark_steps(job.id, "running", progress.step, progress.step)
        self._tell(job.id, job.session_id, "job.progress")

    def end(self, job: Job, end: JobEnd, *, finish_message: bool = True) -> None:
        """Inside the caller's transaction: LeaseLost rolls all of its effects back."""
        if not self.store.jobs.end(job.id, job.fence, end, now=self.clock.now()):
            raise LeaseLost(message_id=job.message_id, job_id=job.id)
        self.store.events.prune_progress(job.id)
        self.store.jobs.stop_steps(job.id, end.status)
        if finish_message and job.message_id is not None:
            self.store.messages.finish(job.message_id)
        if job.kind == "command":
            kind = {"completed": "completed", "cancelled": "cancelled"}.get(end.status, "failed")
            self._tell(job.id, job.session_id, f"job.{kind}")

    def requeue(self, job: Job, error: str, error_code: str) -> None:
        """After a failure that may pass; the caller ends the job when its attempts are used up."""
        not_before = self.clock.boot_ms() + RETRY_DELAY_MS * 2**job.attempts
        end = JobEnd("pending", error=error, error_code=error_code)
        with self.store.write():
            if self.store.jobs.requeue(job.id, job.fence, end, not_before=not_before):
                self._tell(job.id, job.session_id, "job.progress")

    def release(self, job: Job) -> None:
        """The worker stops in good order: the job waits for the next one, this attempt not
        counted."""
        with self.store.write():
            if self.store.jobs.release(job.id, job.fence):
                self._tell(job.id, job.session_id, "job.progress")

    def lost(self) -> Sequence[Job]:
        """Running jobs whose worker has gone; not those that a third one has taken meanwhile."""
        found = self.store.jobs.lost(self.clock.boot_ms(), self.clock.boot_id())
        jobs = [(self.store.jobs.find(job_id), fence) for job_id, _, fence in found]
        return [job for job, fence in jobs if job is not None and job.fence == fence]

    def worker_lives(self, name: str, pid: int) -> None:
        now = self.clock.boot_ms()
        with self.store.write():
            beat = Beat(name, now + WORKER_MS, self.clock.boot_id())
            self.store.jobs.beat_worker(name, pid, beat, now=self.clock.now())

    def worker_leaves(self, name: str) -> None:
        long_ago = self.clock.boot_ms() - 100 * WORKER_MS
        with self.store.write():
            self.store.jobs.forget_worker(name, self.clock.boot_id(), long_ago)

    def _hold(self, job: Job) -> None:
        if not self.store.jobs.beat(job.id, job.fence, self.clock.boot_ms() + LEASE_MS):
            raise LeaseLost(message_id=job.message_id, job_id=job.id)

    def _tell(self, job_id: str, session_id: str, kind: str) -> None:
        if session_id == OPERATIONS:
            return  # nobody watches; whoever asked is woken at the end
        self.store.events.add(NewEvent(session_id, kind, self.clock.now(), job_id=job_id))
