"""Who changed what."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AuditEntry:
    """A change that was made; secrets are told as a mask. `hash` covers it and `previous_hash`."""

    created_at: str
    actor: str
    action: str
    subject: str
    before: str | None
    after: str | None
    previous_hash: str
    hash: str
    id: int = 0
