from dataclasses import dataclass

from chat_bridge.model import Login
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class LoginRows:
    sql: Queries

    def add(self, login: Login, token_hash: str) -> None:
        self.sql.add_login(
            id=login.id, user_id=login.user_id, token_hash=token_hash, now=login.created_at,
            expires_at=login.expires_at, ip_address=login.ip_address, user_agent=login.user_agent,
        )  # fmt: skip

    def find(self, token_hash: str) -> Login | None:
        row = self.sql.find_login(token_hash=token_hash)
        return rows.login(row) if row else None

    def of_user(self, user_id: int, *, now: str, limit: int) -> list[Login]:
        found = self.sql.logins_of_user(user_id=user_id, now=now, limit=limit)
        return [rows.login(row) for row in found]

    def mark_used(self, login_id: str, *, now: str) -> None:
        self.sql.mark_login_used(id=login_id, now=now)

    def end(self, login_id: str, user_id: int) -> bool:
        return bool(self.sql.end_login(id=login_id, user_id=user_id))

    def end_all(self, user_id: int, kept: str = "") -> int:
        return int(self.sql.end_logins(user_id=user_id, kept=kept))

    def forget(self, now: str) -> int:
        return int(self.sql.forget_logins(now=now))
