"""The console's lists of what was done and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chat_bridge.model import AuditEntry, ListedFile, ListedJob


@dataclass(frozen=True)
class JobFilter:
    """`before` is the number of the last row of the page before, here and below."""

    before: int | None = None
    status: str | None = None
    session_id: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class FileFilter:
    """`words` is a LIKE pattern, here and below."""

    before: int | None = None
    kind: str | None = None
    words: str | None = None
    session_id: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class AuditFilter:
    before: int | None = None
    action: str | None = None
    words: str | None = None
    limit: int = 50


class RecordStore(Protocol):
    def jobs(self, wanted: JobFilter) -> Sequence[ListedJob]: ...
    def job_counts(self) -> Mapping[str, int]: ...
    def files(self, wanted: FileFilter) -> Sequence[ListedFile]: ...
    def files_in_all(self) -> tuple[int, int]:
        """How many there are, and their bytes."""
        ...

    def file(self, number: int) -> tuple[str, str] | None:
        """The session and the name of a file."""
        ...

    def audit(self, wanted: AuditFilter) -> Sequence[AuditEntry]: ...
    def audit_actions(self) -> Sequence[str]: ...
