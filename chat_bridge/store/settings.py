from dataclasses import dataclass

from chat_bridge.ports import SettingRow
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class SettingRows:
    sql: Queries

    def get(self, key: str) -> str | None:
        row = self.sql.get_setting(key=key)
        return row[0] if row else None

    def all(self) -> list[tuple[str, str, bool]]:
        return [(row.name, row.value, row.secret) for row in self.rows()]

    def rows(self) -> list[SettingRow]:
        return [
            SettingRow(row[0], row[1], bool(row[2]), row[3] or "", str(row[4] or ""))
            for row in self.sql.list_settings()
        ]

    def remove(self, key: str) -> None:
        self.sql.remove_setting(key=key)

    def put(self, key: str, value: str, *, description: str, secret: bool, now: str) -> None:
        self.sql.put_setting(
            key=key, value=value, description=description, is_secret=int(secret), now=now
        )

    def count_users(self) -> int:
        return int(self.sql.count_users()[0])
