from dataclasses import dataclass

from chat_bridge.model import AuditEntry
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class AuditRows:
    sql: Queries

    def add(self, entry: AuditEntry) -> None:
        values = {name: value for name, value in vars(entry).items() if name != "id"}
        self.sql.add_audit_entry(**values)

    def last_hash(self) -> str | None:
        row = self.sql.last_audit_hash()
        return row["hash"] if row else None

    def after(self, entry_id: int, limit: int) -> list[AuditEntry]:
        found = self.sql.audit_entries_after(after_id=entry_id, limit=limit)
        return [rows.audit_entry(row) for row in found]

    def newest_id(self) -> int:
        return int(self.sql.newest_audit_id()[0])
