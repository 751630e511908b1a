"""The rows `api_key` and `admin_key` of the shared settings table: another program's keys, which
open ours too, change when it changes them, and never while they are a published default."""

from collections.abc import Container
from dataclasses import dataclass

from chat_bridge.domain.keys import ADMIN_SCOPES, AGENT_SCOPES, Keys, configured_prefix
from chat_bridge.ports import Store

KEPT = {"admin_key": ADMIN_SCOPES, "api_key": AGENT_SCOPES}


@dataclass(frozen=True)
class KeptKeys:
    store: Store
    keys: Keys
    published: Container[str]

    def given(self, name: str) -> str:
        """The key of a row, if it may open anything."""
        kept = (self.store.settings.get(name) or "").strip()
        return "" if kept in self.published else kept

    def follow(self) -> None:
        """Brings our keys in line with the rows; writes nothing where they are. A key that was
        revoked here stays revoked until its row changes."""
        every = self.store.keys.all()
        known = {key.prefix for key in every}
        for name, scopes in KEPT.items():
            secret = self.given(name)
            wanted = configured_prefix(secret) if secret else None
            live = {key.prefix for key in every if key.name == name and self.keys.live(key)}
            stale = live - {wanted}
            if wanted and (stale or wanted not in known):
                self.keys.configure(name, secret, scopes)
            elif stale:
                self._retire(stale)

    def _retire(self, prefixes: set[str]) -> None:
        with self.store.write():
            for prefix in prefixes:
                self.keys.retire(prefix)
