from dataclasses import dataclass

from chat_bridge.model import Attachment
from chat_bridge.ports import AttachmentRow, Description
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class AttachmentRows:
    sql: Queries

    def add(self, new: AttachmentRow, *, now: str) -> None:
        about = new.description
        self.sql.add_attachment(
            session_id=new.session_id, name=new.name, kind=new.kind, content_type=new.content_type,
            sha256=new.sha256, size=new.size, row_count=about.rows,
            column_list=_json(about.columns), preview=_json(about.preview), job_id=new.job_id,
            now=now, upload_key=new.upload_key, uploaded_by=new.uploaded_by,
        )  # fmt: skip

    def find(self, session_id: str, name: str) -> Attachment | None:
        row = self.sql.find_attachment(session_id=session_id, name=name)
        return rows.attachment(row) if row else None

    def by_upload_key(self, session_id: str, upload_key: str) -> Attachment | None:
        row = self.sql.attachment_by_upload_key(session_id=session_id, upload_key=upload_key)
        return rows.attachment(row) if row else None

    def names(self, session_id: str) -> set[str]:
        return {row["name"] for row in self.sql.names_of_session(session_id=session_id)}

    def of_session(self, session_id: str) -> list[Attachment]:
        found = self.sql.attachments_of_session(session_id=session_id)
        return [rows.attachment(row) for row in found]

    def of_job(self, job_id: str) -> list[Attachment]:
        return [rows.attachment(row) for row in self.sql.attachments_of_job(job_id=job_id)]

    def describe(self, session_id: str, name: str, about: Description) -> bool:
        changed = self.sql.describe_attachment(
            session_id=session_id, name=name, row_count=about.rows,
            column_list=_json(about.columns), preview=_json(about.preview), error=about.error,
            error_code=about.error_code,
        )  # fmt: skip
        return bool(changed)

    def room_of_session(self, session_id: str) -> int:
        return int(self.sql.room_of_session(session_id=session_id)[0])

    def room_of_key(self, key: str) -> int:
        return int(self.sql.room_of_key(key=key)[0])

    def room_of_all(self) -> tuple[int, int]:
        files, size = self.sql.room_of_all()
        return int(files), int(size)

    def used(self, sha256: str) -> bool:
        return bool(self.sql.uses_of_content(sha256=sha256)[0])


def _json(value: object) -> str | None:
    return None if value is None else rows.to_json(value)
