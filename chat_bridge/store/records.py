import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from chat_bridge.model import AuditEntry, JobOutput, JobStep, ListedFile, ListedJob
from chat_bridge.ports import AuditFilter, FileFilter, JobFilter
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class RecordRows:
    sql: Queries

    def jobs(self, wanted: JobFilter) -> list[ListedJob]:
        place = {
            "before": wanted.before,
            "session_id": wanted.session_id,
            "limit": wanted.limit,
        }
        if wanted.status is None:
            found = self.sql.jobs_listed(**place)
        else:
            found = self.sql.jobs_in_state(status=wanted.status, **place)
        names = json.dumps([row["job_id"] for row in found])
        steps: dict[str, list[JobStep]] = {}
        for row in self.sql.steps_of_jobs(job_ids=names):
            steps.setdefault(row["job_id"], []).append(rows.step(row))
        outputs: dict[str, list[JobOutput]] = {}
        for row in self.sql.outputs_of_jobs(job_ids=names):
            made = JobOutput(row["id"], row["name"], row["size"])
            outputs.setdefault(row["job_id"], []).append(made)
        return [_job(row, steps, outputs) for row in found]

    def job_counts(self) -> Mapping[str, int]:
        return {row["status"]: row["jobs"] for row in self.sql.jobs_by_state()}

    def files(self, wanted: FileFilter) -> list[ListedFile]:
        found = self.sql.files_listed(**vars(wanted))
        return [ListedFile(**dict(row) | {"uid": row["uid"] or ""}) for row in found]

    def files_in_all(self) -> tuple[int, int]:
        row = self.sql.files_in_all()
        return row["files"], row["bytes"]

    def file(self, number: int) -> tuple[str, str] | None:
        row = self.sql.file_by_number(id=number)
        return (row["session_id"], row["name"]) if row else None

    def audit(self, wanted: AuditFilter) -> list[AuditEntry]:
        return [rows.audit_entry(row) for row in self.sql.audit_listed(**vars(wanted))]

    def audit_actions(self) -> list[str]:
        return [row["action"] for row in self.sql.audit_actions()]


def _job(
    row: sqlite3.Row, steps: Mapping[str, list[JobStep]], outputs: Mapping[str, list[JobOutput]]
) -> ListedJob:
    known = dict(row)
    name = known["job_id"]
    read = {"uid": known["uid"] or "", "progress": rows.mapping(known["progress"])}
    return ListedJob(**known | read, steps=steps.get(name, ()), outputs=outputs.get(name, ()))
