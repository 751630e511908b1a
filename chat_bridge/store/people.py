from dataclasses import dataclass

from chat_bridge.model import NOWHERE, Person
from chat_bridge.ports import PersonRow, Wanted
from chat_bridge.store import rows
from chat_bridge.store.queries import Queries


@dataclass(frozen=True)
class PeopleRows:
    """Times are written as the program that may share this table reads them."""

    sql: Queries

    def find(self, user_id: int) -> Person | None:
        row = self.sql.find_user(id=user_id)
        return rows.person(row) if row else None

    def by_name(self, username: str) -> tuple[Person, str] | None:
        row = self.sql.user_by_name(username=username)
        return (rows.person(row), row["password_hash"]) if row else None

    def by_email(self, email: str) -> int | None:
        row = self.sql.user_by_email(email=email)
        return row["id"] if row else None

    def password(self, user_id: int) -> str | None:
        row = self.sql.password_of_user(id=user_id)
        return row["password_hash"] if row else None

    def list(self, wanted: Wanted) -> list[Person]:
        return [rows.person(row) for row in self.sql.list_users(**vars(wanted))]

    def add(self, new: PersonRow, *, now: str) -> int:
        values = {
            **vars(new),
            "email": self._address(new.email, new.username),
            "permissions": rows.to_json(list(new.permissions)),
            "now": rows.shared_time(now),
        }
        return int(self.sql.add_user(**values)["id"])

    def change(self, person: Person, *, seen: str, now: str) -> bool:
        changed = self.sql.change_user(
            id=person.id, username=person.username, role=person.role,
            email=self._address(person.email, person.username),
            permissions=rows.to_json(list(person.permissions)), is_active=person.is_active,
            seen=seen, now=rows.shared_time(now),
        )  # fmt: skip
        return bool(changed)

    def set_password(
        self, user_id: int, password_hash: str, *, must_change: bool, now: str
    ) -> None:
        self.sql.set_password(
            id=user_id,
            password_hash=password_hash,
            must_change=must_change,
            now=rows.shared_time(now),
        )

    def rehash(self, user_id: int, password_hash: str) -> None:
        self.sql.rehash_password(id=user_id, password_hash=password_hash)

    def signed_in(self, user_id: int, *, now: str) -> None:
        self.sql.mark_sign_in(id=user_id, now=rows.shared_time(now))

    def forget_failures(self, user_id: int) -> None:
        self.sql.forget_failed_sign_ins(id=user_id)

    def failed(self, user_id: int) -> None:
        self.sql.mark_failed_sign_in(id=user_id)

    def other_admins(self, user_id: int) -> int:
        return int(self.sql.count_other_admins(id=user_id)[0])

    def any_bcrypt(self) -> bool:
        return bool(self.sql.any_bcrypt_hash()[0])

    def _address(self, given: str | None, username: str) -> str | None:
        """Where the table is another program's, whoever has no address gets one that leads
        nowhere."""
        if given or not self.sql.email_is_needed()[0]:
            return given
        return f"{username}{NOWHERE}"
