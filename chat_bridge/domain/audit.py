"""What administrators change is written down, each entry holding on to the one before: whoever
edits or takes out an entry breaks the chain behind it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chat_bridge.errors import AuditBroken
from chat_bridge.model import AuditEntry
from chat_bridge.ports import Clock, Store

BEGINNING = "0" * 64
AT_ONCE = 500


@dataclass(frozen=True)
class Audit:
    store: Store
    clock: Clock

    def write(
        self,
        actor: str,
        action: str,
        *,
        subject: str,
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        """Call it inside the transaction of the change."""
        with self.store.write():
            previous = self.store.audit.last_hash() or BEGINNING
            now = self.clock.now()
            entry = AuditEntry(now, actor, action, subject, before, after, previous, "")
            self.store.audit.add(replace(entry, hash=_hash(entry)))

    def entries(self) -> Iterator[AuditEntry]:
        last = 0
        while found := self.store.audit.after(last, AT_ONCE):
            yield from found
            last = found[-1].id

    def verify(self) -> tuple[int, str]:
        """How many entries there are and the hash of the last one, which somebody may keep
        elsewhere: whoever cuts off the end and the database's own count of it breaks nothing."""
        count, previous, last = 0, BEGINNING, 0
        newest = self.store.audit.newest_id()  # first: others go on writing
        for entry in self.entries():
            if entry.previous_hash != previous or entry.hash != _hash(entry):
                raise AuditBroken(entry=entry.id)
            count, previous, last = count + 1, entry.hash, entry.id
        if last < newest:
            text = f"The audit log is not as it was written: the entries after {last} are missing."
            raise AuditBroken(text, entry=last + 1)
        return count, previous


def _hash(entry: AuditEntry) -> str:
    told = [entry.previous_hash, entry.created_at, entry.actor, entry.action, entry.subject,
            entry.before, entry.after]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
