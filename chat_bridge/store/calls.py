from dataclasses import dataclass

from chat_bridge.model import CallFile
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class CallRows:
    sql: Queries

    def open_session(self, session_id: str, *, now: str) -> None:
        self.sql.open_operations_session(session_id=session_id, now=now)

    def add(self, job_id: str, caller: str, *, key: str | None, body_hash: str, now: str) -> None:
        self.sql.add_operation_call(
            job_id=job_id, caller=caller, idempotency_key=key, body_hash=body_hash, now=now
        )

    def by_key(self, caller: str, key: str) -> tuple[str, str] | None:
        row = self.sql.operation_call_by_key(caller=caller, idempotency_key=key)
        return (row["job_id"], row["body_hash"]) if row else None

    def caller(self, job_id: str) -> str | None:
        row = self.sql.caller_of_operation(job_id=job_id)
        return str(row[0]) if row else None

    def open(self, caller: str) -> tuple[int, int]:
        row = self.sql.open_operations(caller=caller)
        return int(row["everyone"]), int(row["own"])

    def add_file(self, file: CallFile, *, now: str) -> None:
        self.sql.add_operation_file(**vars(file), now=now)

    def file(self, name: str) -> CallFile | None:
        row = self.sql.operation_file(name=name)
        return CallFile(**dict(row)) if row else None

    def files(self, job_id: str) -> list[CallFile]:
        return [CallFile(**dict(row)) for row in self.sql.files_of_operation(job_id=job_id)]

    def forget_file(self, name: str) -> None:
        self.sql.forget_operation_file(name=name)

    def old(self, before: str, limit: int) -> list[str]:
        return [row["job_id"] for row in self.sql.old_operations(before=before, limit=limit)]

    def erase(self, job_id: str) -> None:
        self.sql.erase_job(job_id=job_id)
