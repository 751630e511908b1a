"""Room for files: what is used, what may be, and what the disk has left."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chat_bridge.errors import OutOfSpace, QuotaExceeded
from chat_bridge.ports import AttachmentRow, Files, Store

SPARE_BYTES = 512 << 20


@dataclass(frozen=True)
class Quotas:
    """In bytes; 0 is no quota."""

    session: int = 0
    key: int = 0
    total: int = 0


@dataclass(frozen=True)
class Room:
    store: Store
    files: Files
    quotas: Quotas = field(default_factory=Quotas)

    def check_disk(self) -> None:
        """Before bytes are taken in: enough stays free for everything else to go on."""
        if self.files.free_bytes() < SPARE_BYTES:
            raise OutOfSpace

    def check(self, row: AttachmentRow) -> None:
        """Inside the transaction that gives the file its name; in all a content counts once."""
        of, size = self.store.attachments, row.size
        if self.quotas.session:
            used = of.room_of_session(row.session_id)
            _refuse_over("This conversation", self.quotas.session, used=used, size=size)
        if self.quotas.key and row.uploaded_by:
            used = of.room_of_uploader(row.uploaded_by)
            _refuse_over("This key", self.quotas.key, used=used, size=size)
        if self.quotas.total and not of.used(row.sha256):
            _, used = of.room_of_all()
            _refuse_over("This server", self.quotas.total, used=used, size=size)

    def usage(self) -> Mapping[str, Any]:
        """For the ready check, the console and `doctor`."""
        files, used = self.store.attachments.room_of_all()
        return {
            "files": files,
            "used_bytes": used,
            "free_bytes": self.files.free_bytes(),
            "spare_bytes": SPARE_BYTES,
            "quotas": {
                "session_bytes": self.quotas.session or None,
                "key_bytes": self.quotas.key or None,
                "total_bytes": self.quotas.total or None,
            },
        }

    def warnings(self) -> list[str]:
        """What somebody should look after soon, in sentences."""
        usage = self.usage()
        said = []
        if usage["free_bytes"] < 2 * SPARE_BYTES:
            said.append(
                f"The disk has {_size(usage['free_bytes'])} left; below {_size(SPARE_BYTES)} "
                "nothing is stored any more."
            )
        if self.quotas.total and usage["used_bytes"] > 0.9 * self.quotas.total:
            said.append(
                f"Files take {_size(usage['used_bytes'])} of the {_size(self.quotas.total)} "
                "they may take in all (total_quota_mb)."
            )
        return said


def _refuse_over(what: str, limit: int, *, used: int, size: int) -> None:
    if used + size > limit:
        raise QuotaExceeded(what=what, limit=_size(limit), used=_size(used), size=size)


def _size(count: int) -> str:
    return f"{count / (1 << 20):,.0f} MB" if count >= 1 << 20 else f"{count:,} bytes"
