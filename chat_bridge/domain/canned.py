"""Words that operators keep ready: found by a shortcut, changed by any of them and audited."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.domain.audit import Audit
from chat_bridge.errors import (
    CannedReplyExists,
    CannedReplyNotFound,
    InvalidField,
    StaleEdit,
)
from chat_bridge.model import CannedReply
from chat_bridge.ports import CannedFilter, Clock, Store

SHORTCUT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
LONGEST = 4_000
MOST = 100


@dataclass(frozen=True)
class CannedReplies:
    store: Store
    clock: Clock
    audit: Audit

    def page(self, wanted: CannedFilter) -> Sequence[CannedReply]:
        return self.store.canned.page(wanted)

    def find(self, number: int) -> CannedReply:
        found = self.store.canned.find(number)
        if found is None:
            raise CannedReplyNotFound
        return found

    def add(self, shortcut: str, body: str, actor: str, *, by: str) -> CannedReply:
        if not SHORTCUT.fullmatch(shortcut):
            raise InvalidField(
                field="shortcut",
                reason="1 to 40 small letters, digits and hyphens, as opening-hours",
            )
        _check(body)
        with self.store.write():
            if self.store.canned.count() >= MOST:
                raise InvalidField(field="shortcut", reason=f"there are {MOST} replies already")
            number = self.store.canned.add(shortcut, body, now=self.clock.now(), by=by)
            if number is None:
                raise CannedReplyExists(shortcut=shortcut)
            self.audit.write(actor, "canned reply add", subject=shortcut, after=body)
        return self.find(number)

    def change(self, number: int, body: str, actor: str, *, by: str, seen: str) -> None:
        """`seen` is the `fingerprint` of the reply as it was shown: when somebody else has saved
        since, nothing is changed."""
        _check(body)
        with self.store.write():
            old = self.find(number)
            if fingerprint(old) != seen:
                raise StaleEdit
            if old.body == body:
                return
            self.store.canned.change(number, body, removed=old.removed, now=self.clock.now(), by=by)
            self.audit.write(
                actor, "canned reply change", subject=old.shortcut, before=old.body, after=body
            )

    def lay_aside(self, number: int, actor: str, *, by: str, removed: bool = True) -> CannedReply:
        """Offered to nobody any more, or (not `removed`) offered again."""
        with self.store.write():
            old = self.find(number)
            if old.removed == removed:
                return old
            self.store.canned.change(number, old.body, removed=removed, now=self.clock.now(), by=by)
            act, before, after = (
                ("remove", "offered", "removed") if removed else ("restore", "removed", "offered")
            )
            self.audit.write(
                actor, f"canned reply {act}", subject=old.shortcut, before=before, after=after
            )
        return old


def fingerprint(reply: CannedReply) -> str:
    return hashlib.sha256(reply.body.encode()).hexdigest()[:32]


def _check(body: str) -> None:
    if not 0 < len(body.strip()) <= LONGEST:
        raise InvalidField(field="body", reason=f"1 to {LONGEST:,} characters")
