"""The files of a conversation: stored once by content, named once per session."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from chat_bridge.domain import items, names
from chat_bridge.domain.items import Links
from chat_bridge.domain.jobs import Jobs
from chat_bridge.domain.room import Room
from chat_bridge.domain.sessions import Sessions, folder_of
from chat_bridge.errors import BytesErased, FileNotFound, IdempotencyConflict
from chat_bridge.model import Attachment, Blob, Output, Profile, Session, Source
from chat_bridge.ports import AttachmentRow, Clock, Description, Files, Store

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")


@dataclass(frozen=True)
class Attachments:
    store: Store
    files: Files
    clock: Clock
    sessions: Sessions
    jobs: Jobs
    max_bytes: int
    room: Room

    def receive(self, stream: IO[bytes]) -> Blob:
        """Stores the bytes of an upload; they belong to nobody yet."""
        self.room.check_disk()
        return self.files.add(stream, self.max_bytes)

    def attach(
        self,
        session: Session,
        blob: Blob,
        raw_name: str,
        upload_key: str | None = None,
        *,
        uploader: str | None = None,
    ) -> Attachment:
        """Gives received bytes to a session under a safe, free name; a first look follows."""
        with self.store.write():
            self.sessions.find(session.session_id)  # erased, perhaps, while the bytes came in
            if upload_key and (earlier := self._earlier(session, upload_key, blob)):
                return earlier
            name = self._free_name(session, raw_name)
            self._add(session, blob, AttachmentRow(
                session_id=session.session_id, name=name, kind="upload",
                content_type=names.content_type(name), sha256=blob.sha256, size=blob.size,
                upload_key=upload_key, uploaded_by=uploader,
            ))  # fmt: skip
            if name.lower().endswith(SPREADSHEETS):
                self.jobs.queue(session.session_id, "", file=name, kind="profile")
        return self.find(session.session_id, name)

    def keep_output(self, session: Session, output: Output, blob: Blob, job_id: str) -> Attachment:
        """Makes a run's file visible, inside the transaction that completes the run."""
        name = self._free_name(session, output.name)
        self._add(session, blob, AttachmentRow(
            session_id=session.session_id, name=name, kind="output",
            content_type=output.content_type, sha256=blob.sha256, size=blob.size, job_id=job_id,
            description=Description(output.rows, output.columns, output.preview),
        ))  # fmt: skip
        return self.find(session.session_id, name)

    def describe(self, session_id: str, name: str, found: Profile | Description) -> None:
        """What the worker saw in an upload; told to whoever watches the session."""
        about = found
        if isinstance(found, Profile):
            about = Description(found.rows, found.columns, found.preview)
        assert isinstance(about, Description)
        with self.store.write():
            if self.store.attachments.describe(session_id, name, about):
                item = items.file_item(self.find(session_id, name), Links())
                self.sessions.updated(session_id, attachment=item)

    def discard(self, sha256: str) -> None:
        """Forgets bytes that no session has: refused ones, and orphans."""
        if self.store.attachments.used(sha256):
            return  # most are, and to find that out takes no lock
        with self.store.write():
            if not self.store.attachments.used(sha256):
                self.files.forget(sha256)

    def find(self, session_id: str, name: str) -> Attachment:
        file = self.store.attachments.find(session_id, name)
        if file is None:
            raise FileNotFound(name=name)
        return file

    def of_session(self, session_id: str) -> Sequence[Attachment]:
        return self.store.attachments.of_session(session_id)

    def spreadsheets(self, session_id: str) -> list[Attachment]:
        """What a command can work on, oldest first."""
        return [f for f in self.of_session(session_id) if f.name.lower().endswith(SPREADSHEETS)]

    def path(self, file: Attachment) -> Path:
        return self.files.path(file.sha256)

    def source(self, file: Attachment) -> Source:
        return Source(self.path(file), file.name)

    def _earlier(self, session: Session, upload_key: str, blob: Blob) -> Attachment | None:
        """The file that this upload repeats."""
        found = self.store.attachments.by_upload_key(session.session_id, upload_key)
        if found and found.sha256 != blob.sha256:
            raise IdempotencyConflict
        return found

    def _free_name(self, session: Session, wanted: str) -> str:
        taken = self.store.attachments.names(session.session_id)
        return names.free_name(names.safe_name(wanted), taken)

    def _add(self, session: Session, blob: Blob, row: AttachmentRow) -> None:
        self.room.check(row)
        folder = "outputs" if row.kind == "output" else "uploads"
        try:
            self.files.link(blob, f"{folder_of(session)}/{folder}", row.name)
        except FileNotFoundError as error:
            raise BytesErased from error
        self.store.attachments.add(row, now=self.clock.now())
