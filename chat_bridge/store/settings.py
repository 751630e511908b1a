from dataclasses import dataclass

from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class SettingRows:
    sql: Queries

    def get(self, key: str) -> str | None:
        row = self.sql.get_setting(key=key)
        return row[0] if row else None

    def put(self, key: str, value: str, *, description: str, secret: bool, now: str) -> None:
        self.sql.put_setting(
            key=key, value=value, description=description, is_secret=int(secret), now=now
        )

    def count_users(self) -> int:
        return int(self.sql.count_users()[0])
