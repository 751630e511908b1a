"""API keys as administrators handle them, from the command line and over the wire: every change is
in the audit log, a secret is told once."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.domain import times
from chat_bridge.domain.agents import Agents
from chat_bridge.domain.audit import Audit
from chat_bridge.domain.keys import PREFIX_LENGTH, SCOPES, Keys
from chat_bridge.errors import InvalidField
from chat_bridge.model import HOLDERS, Key
from chat_bridge.ports import Clock, Store, Wakeup

HOUR_MS = 3_600_000
UNITS = {"h": HOUR_MS, "d": 24 * HOUR_MS, "w": 168 * HOUR_MS}
SPAN = re.compile(r"(\d{1,6})([hdw])", re.ASCII)
LONGEST_NAME = 100
LONGEST_OVERLAP = 87_600 * 3_600.0


@dataclass(frozen=True)
class Keyring:
    store: Store
    clock: Clock
    keys: Keys
    agents: Agents
    audit: Audit
    wakeup: Wakeup | None = None

    def list(self) -> Sequence[Key]:
        return self.store.keys.all()

    def find(self, prefix: str) -> Key | None:
        return next((key for key in self.list() if key.prefix == prefix), None)

    def issue(
        self, actor: str, name: str, scopes: frozenset[str], *, agent: str | None = None,
        expires: str | None = None, word: str | None = None,
    ) -> str:  # fmt: skip
        """The new secret. `agent` is an id or a slug, `expires` as `moment` reads it."""
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise InvalidField(field="name", reason=f"expected 1 to {LONGEST_NAME} characters")
        if unknown := scopes.difference(SCOPES):
            raise InvalidField(field="scopes", reason=f"unknown: {', '.join(sorted(unknown))}")
        agent_id = self.agents.resolve(agent).id if agent else None
        ends = self.moment(expires) if expires else None
        with self.store.write():
            secret = self.keys.create(name, scopes, agent_id=agent_id, expires_at=ends, word=word)
            self._note(actor, "key new", secret[:PREFIX_LENGTH], " ".join(sorted(scopes)))
        return secret

    def rotate(
        self, actor: str, prefix: str, overlap_seconds: float, word: str | None = None
    ) -> str:
        """The successor's secret; the old key works on for the overlap."""
        with self.store.write():
            secret = self.keys.rotate(prefix, overlap_seconds, word)
            self._note(actor, "key rotate", prefix, secret[:PREFIX_LENGTH])
        return secret

    def revoke(self, actor: str, prefix: str) -> None:
        with self.store.write():
            self.keys.revoke(prefix)
            self._note(actor, "key revoke", prefix, "revoked", before="live")
        if self.wakeup is not None:
            self.wakeup.notify(json.dumps({"signed_out": HOLDERS}).encode())

    def state(self, key: Key) -> str:
        return "revoked" if key.revoked_at else "live" if self.keys.live(key) else "expired"

    def agent(self, key: Key) -> str | None:
        return self.agents.by_id(key.agent_id).slug if key.agent_id is not None else None

    def moment(self, text: str) -> str:
        """A time to come: `12h`, `30d`, `8w` from now, or a date."""
        span = SPAN.fullmatch(text)
        now = self.clock.now_ms()
        moment = now + int(span[1]) * UNITS[span[2]] if span else times.milliseconds(text)
        if moment is None or not now < moment < times.END:
            said = f"'{text[:40]}' is not a time to come: use 12h, 30d or 2027-01-31."
            raise InvalidField(said, field="expires", reason="not a time to come")
        return self.clock.text(moment)

    def _note(
        self, actor: str, action: str, prefix: str, after: str, *, before: str | None = None
    ) -> None:
        self.audit.write(actor, action, subject=prefix, before=before, after=after)
