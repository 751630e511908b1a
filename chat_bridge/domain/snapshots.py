"""Copies of the database that an administrator asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chat_bridge.domain.audit import Audit
from chat_bridge.errors import SnapshotNotFound
from chat_bridge.model import Snapshot
from chat_bridge.ports import SnapshotFolder, Store

KEPT = 14


@dataclass(frozen=True)
class Snapshots:
    """Of conversations, jobs, people and settings; uploaded files lie in `blobs/` beside them."""

    store: Store
    folder: SnapshotFolder
    audit: Audit

    def take(self, actor: str, keep: int = KEPT) -> Snapshot:
        """A new one; of the older ones the newest `keep` - 1 stay."""
        taken = self.folder.take()
        gone = [snapshot.name for snapshot in self.folder.all()[keep:]]
        for name in gone:
            self.folder.forget(name)
        self.audit.write(
            actor, "snapshot take", subject=taken.name, before=", ".join(gone) or None,
            after=f"{taken.size} bytes",
        )  # fmt: skip
        return taken

    def all(self) -> Sequence[Snapshot]:
        """The newest first."""
        return self.folder.all()

    def path(self, name: str) -> Path:
        path = self.folder.path(name)
        if path is None:
            raise SnapshotNotFound(name=name)
        return path

    def forget(self, actor: str, name: str) -> None:
        self.path(name)
        self.folder.forget(name)
        self.audit.write(actor, "snapshot delete", subject=name)
