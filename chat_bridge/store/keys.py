from dataclasses import dataclass

from chat_bridge.model import Key
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class KeyRows:
    sql: Queries

    def candidates(self, prefix: str, configured_prefix: str) -> list[Key]:
        found = self.sql.key_by_prefix(prefix=prefix, configured_prefix=configured_prefix)
        return [rows.key(row) for row in found]

    def add(self, key: Key, *, now: str) -> None:
        self.sql.add_key(
            name=key.name, prefix=key.prefix, key_hash=key.key_hash,
            scopes=" ".join(sorted(key.scopes)), agent_id=key.agent_id, now=now,
            expires_at=key.expires_at,
        )  # fmt: skip

    def all(self) -> list[Key]:
        return [rows.key(row) for row in self.sql.list_keys()]

    def revoke_other_configured(self, name: str, prefix: str, *, now: str) -> None:
        self.sql.revoke_configured_keys(name=name, prefix=prefix, now=now)

    def revoke(self, prefix: str, *, now: str) -> bool:
        return bool(self.sql.revoke_key(prefix=prefix, now=now))

    def end(self, prefix: str, *, at: str) -> None:
        self.sql.end_key(prefix=prefix, at=at)

    def mark_used(self, key_id: int, *, now: str) -> None:
        self.sql.mark_key_used(id=key_id, now=now)
