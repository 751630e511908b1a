import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat_bridge.model import Job, Step, StepCount
from chat_bridge.ports import Beat, JobEnd
from chat_bridge.store import rows
from chat_bridge.store.connection import Database
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class JobRows:
    sql: Queries
    database: Database

    def add(
        self, job_id: str, session_id: str, *, kind: str, command: str, file: str | None, now: str
    ) -> None:
        self.sql.add_job(
            job_id=job_id, session_id=session_id, message_id=None, kind=kind, command=command,
            file=file, now=now,
        )  # fmt: skip
        self.database.announce()  # workers wait for it like readers for events

    def attach(self, job_id: str, message_id: int) -> None:
        self.sql.attach_job(job_id=job_id, message_id=message_id)

    def find(self, job_id: str) -> Job | None:
        row = self.sql.find_job(job_id=job_id)
        return self._whole(row) if row else None

    def of_session(self, session_id: str, limit: int) -> list[Job]:
        found = self.sql.jobs_of_session(session_id=session_id, limit=limit)
        return [self._whole(row) for row in found]

    def next(self, now: int, boot: str) -> str | None:
        row = self.sql.next_job(now=now, boot=boot)
        return row["job_id"] if row else None

    def start(self, job_id: str, beat: Beat, *, now: str) -> bool:
        changed = self.sql.start_job(
            job_id=job_id, owner=beat.owner, until=beat.until, boot=beat.boot, now=now
        )
        return bool(changed)

    def beat(self, job_id: str, fence: int, until: int) -> bool:
        return bool(self.sql.beat_job(job_id=job_id, fence=fence, until=until))

    def lost(self, now_ms: int, boot: str) -> list[tuple[str, int, int]]:
        found = self.sql.lost_jobs(now_ms=now_ms, boot=boot)
        return [(row["job_id"], row["attempts"], row["fence"]) for row in found]

    def report(self, job_id: str, fence: int, progress: Mapping[str, Any]) -> bool:
        changed = self.sql.report_job(job_id=job_id, fence=fence, progress=rows.to_json(progress))
        return bool(changed)

    def end(self, job_id: str, fence: int, end: JobEnd, *, now: str) -> bool:
        changed = self.sql.end_job(
            job_id=job_id, fence=fence, status=end.status, result=rows.to_json(end.result),
            error=end.error, error_code=end.error_code, now=now,
        )  # fmt: skip
        return bool(changed)

    def requeue(self, job_id: str, fence: int, end: JobEnd, *, not_before: int) -> bool:
        changed = self.sql.requeue_job(
            job_id=job_id, fence=fence, not_before=not_before, error=end.error,
            error_code=end.error_code,
        )  # fmt: skip
        return bool(changed)

    def release(self, job_id: str, fence: int) -> bool:
        return bool(self.sql.release_job(job_id=job_id, fence=fence))

    def cancel_pending(self, job_id: str, *, now: str) -> bool:
        return bool(self.sql.cancel_pending_job(job_id=job_id, now=now))

    def request_cancel(self, job_id: str) -> bool:
        return bool(self.sql.request_cancel(job_id=job_id))

    def retry(self, job_id: str) -> bool:
        return bool(self.sql.retry_job(job_id=job_id))

    def let_ahead(self, job: Job, priority: int) -> bool:
        changed = self.sql.let_ahead(job_id=job.id, session_id=job.session_id, priority=priority)
        return bool(changed)

    def set_steps(self, job_id: str, steps: Sequence[Step]) -> None:
        self.sql.clear_steps(job_id=job_id)
        for index, step in enumerate(steps):
            self.sql.add_step(
                job_id=job_id, step_index=index, operation=step.operation, title=step.title,
                arguments=rows.to_json(step.arguments),
            )  # fmt: skip

    def mark_steps(self, job_id: str, status: str, first: int, last: int) -> None:
        self.sql.mark_steps(job_id=job_id, status=status, first=first, last=last)

    def stop_steps(self, job_id: str, status: str) -> None:
        self.sql.stop_steps(job_id=job_id, status=status)

    def count_steps(self, job_id: str, counts: Sequence[StepCount]) -> None:
        for index, count in enumerate(counts):
            self.sql.count_step(
                job_id=job_id, step_index=index, rows_in=count.rows_in, rows_out=count.rows_out
            )

    def beat_worker(self, name: str, pid: int, beat: Beat, *, now: str) -> None:
        self.sql.beat_worker(name=name, pid=pid, alive_until=beat.until, boot=beat.boot, now=now)

    def live_workers(self, now: int, boot: str) -> int:
        return int(self.sql.live_workers(now=now, boot=boot)[0])

    def forget_worker(self, name: str, boot: str, long_ago: int) -> None:
        self.sql.forget_worker(name=name, boot=boot, long_ago=long_ago)

    def _whole(self, row: sqlite3.Row) -> Job:
        return rows.job(row, self.sql.steps_of_job(job_id=row["job_id"]))
