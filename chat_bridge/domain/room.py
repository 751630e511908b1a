"""Room for files: what is used, what may be, and what the disk has left."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chat_bridge.domain.sizes import as_size
from chat_bridge.errors import OutOfSpace, QuotaExceeded
from chat_bridge.ports import AttachmentRow, Files, Store

SPARE_BYTES = 512 << 20
OF_A_KEY = "key:"


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
        if self.quotas.session:
            used = self.store.attachments.room_of_session(row.session_id)
            _refuse_over("This conversation", self.quotas.session, used=used, size=row.size)
        self.check_whose(row.uploaded_by, row.sha256, row.size)

    def check_whose(self, key: str | None, sha256: str, size: int) -> None:
        """The same without a conversation; `key` is as `key:7`, anybody else has no quota."""
        of = self.store.attachments
        if self.quotas.key and key and key.startswith(OF_A_KEY):
            _refuse_over("This key", self.quotas.key, used=of.room_of_key(key), size=size)
        if self.quotas.total and not of.used(sha256):
            _, used = of.room_of_all()
            _refuse_over("This server", self.quotas.total, used=used, size=size)

    def usage(self) -> Mapping[str, Any]:
        """For the ready check, the console and `doctor`."""
        files, used = self.store.attachments.room_of_all()
        return usage(files, used, free=self.files.free_bytes(), quotas=self.quotas)

    def warnings(self) -> list[str]:
        return warnings(self.usage())


def usage(files: int, used: int, *, free: int, quotas: Quotas) -> Mapping[str, Any]:
    return {
        "files": files,
        "used_bytes": used,
        "free_bytes": free,
        "spare_bytes": SPARE_BYTES,
        "quotas": {
            "session_bytes": quotas.session or None,
            "key_bytes": quotas.key or None,
            "total_bytes": quotas.total or None,
        },
    }


def warnings(usage: Mapping[str, Any]) -> list[str]:
    """What somebody should look after soon, in sentences."""
    said = []
    free, used, total = usage["free_bytes"], usage["used_bytes"], usage["quotas"]["total_bytes"]
    if free < 2 * SPARE_BYTES:
        said.append(
            f"The disk has {as_size(free)} left; "
            f"below {as_size(SPARE_BYTES)} nothing is stored any more."
        )
    if total and used > 0.9 * total:
        said.append(
            f"Files take {as_size(used)} of the {as_size(total)} "
            "they may take in all (total_quota_mb)."
        )
    return said


def in_words(usage: Mapping[str, Any]) -> str:
    """`3 files take 12 MB; a conversation may hold 4,096 MB`"""
    files, quotas = usage["files"], usage["quotas"]
    takes = "1 file takes" if files == 1 else f"{files:,} files take"
    parts = [f"{takes} {as_size(usage['used_bytes'])}"]
    of = (("session_bytes", "a conversation"), ("key_bytes", "a key"), ("total_bytes", "all"))
    parts += [f"{who} may hold {as_size(quotas[name])}" for name, who in of if quotas[name]]
    return "; ".join(parts)


def _refuse_over(what: str, limit: int, *, used: int, size: int) -> None:
    if used + size > limit:
        raise QuotaExceeded(what=what, limit=as_size(limit), used=as_size(used), size=size)
