from dataclasses import dataclass

from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class SettingRows:
    sql: Queries

    def get(self, key: str) -> str | None:
        row = self.sql.get_setting(key=key)
        return row[0] if row else None

    def all(self) -> list[tuple[str, str, bool]]:
        return [(row[0], row[1], bool(row[2])) for row in self.sql.list_settings()]

    def put(self, key: str, value: str, *, description: str, secret: bool, now: str) -> None:
        self.sql.put_setting(
            key=key, value=value, description=description, is_secret=int(secret), now=now
        )

    def count_users(self) -> int:
        return int(self.sql.count_users()[0])
