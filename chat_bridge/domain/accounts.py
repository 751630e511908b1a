"""Who has an account: making, changing and closing them. There is always an administrator left."""

import re
import secrets
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chat_bridge.domain import passwords, tokens
from chat_bridge.domain.audit import Audit
from chat_bridge.domain.logins import Logins
from chat_bridge.domain.passwords import Passwords
from chat_bridge.errors import (
    InvalidField,
    LastAdmin,
    StaleEdit,
    UserExists,
    UserNotFound,
    WrongSetupCode,
)
from chat_bridge.model import NOWHERE, ROLES, Person, SignedIn, Visitor
from chat_bridge.ports import Clock, PersonRow, Store, Wanted

USERNAME = re.compile(r"[\w.@+-]{1,50}")
EMAIL = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,64}")
LETTERS = string.ascii_lowercase + string.digits
CHANGEABLE = ("username", "email", "role", "is_active", "permissions")
SETUP_CODE = "setup_code"


@dataclass(frozen=True)
class Accounts:
    store: Store
    clock: Clock
    passwords: Passwords
    logins: Logins
    audit: Audit
    code_used: Callable[[], None] = lambda: None

    def list(self, wanted: Wanted) -> Sequence[Person]:
        return self.store.people.list(wanted)

    def find(self, user_id: int) -> Person:
        found = self.store.people.find(user_id)
        if found is None:
            raise UserNotFound
        return found

    def named(self, username: str) -> Person:
        found = self.store.people.by_name(username)
        if found is None:
            raise UserNotFound
        return found[0]

    def add(
        self, username: str, role: str, actor: str, *, email: str | None = None,
        password: str | None = None,
    ) -> tuple[Person, str]:  # fmt: skip
        """A new person and their password. Without one given it is made up, is shown once, and
        has to be changed at the first sign-in."""
        _check_fields({"username": username, "email": email, "role": role})
        if password is not None:
            passwords.check(password, username)
        secret = password or made_up()
        row = PersonRow(
            username, email, self.passwords.hash(secret), role, must_change=password is None
        )
        with self.store.write():
            self._check_free(username, email, 0)
            user_id = self.store.people.add(row, now=self.clock.now())
            self.audit.write(actor, "user add", subject=username, after=role)
        return self.find(user_id), secret

    def change(
        self, user_id: int, changes: dict[str, Any], actor: str, *, seen: str | None = None
    ) -> Person:
        """Any of `CHANGEABLE`. `seen` is the `updated_at` of the person as they were shown: when
        somebody else has saved since, nothing is changed."""
        _check_fields(changes)
        with self.store.write():
            old = self.find(user_id)
            if seen is not None and seen != old.updated_at:
                raise StaleEdit
            new = replace(old, **changes)
            self._keep_an_admin(old, new)
            self._check_free(new.username, new.email, user_id)
            now = self.clock.text(self.clock.now_ms())
            self.store.people.change(new, seen=old.updated_at, now=now)
            self._note(old, new, actor)
            if (old.role, old.is_active) != (new.role, new.is_active):
                self.logins.end_all(new, actor)
        self.logins.tell(new)
        return self.find(user_id)

    def deactivate(self, user_id: int, actor: str) -> Person:
        return self.change(user_id, {"is_active": False}, actor)

    def reset_password(self, user_id: int, actor: str, *, password: str | None = None) -> str:
        """The new password, shown once and to be changed; whoever had the old one is signed out."""
        person = self.find(user_id)
        if password is not None:
            passwords.check(password, person.username)
        secret = password or made_up()
        hashed = self.passwords.hash(secret)
        with self.store.write():
            self._set_password(person, hashed, must_change=True)
            self.audit.write(actor, "password reset", subject=person.username)
            self.logins.end_all(person, actor)
        self.logins.tell(person)
        return secret

    def change_own_password(
        self, signed_in: SignedIn, old: str, new: str, visitor: Visitor
    ) -> None:
        """Signs out every other browser."""
        person = signed_in.person
        self.logins.confirm(person, old, visitor)
        passwords.check(new, person.username)
        if new == old:
            raise InvalidField(field="new_password", reason="it is the old one")
        hashed = self.passwords.hash(new)
        with self.store.write():
            self._set_password(person, hashed, must_change=False)
            self.audit.write(person.actor, "password change", subject=person.username)
            self.logins.end_all(person, person.actor, kept=signed_in.login.id)
        self.logins.tell(person)

    def unlock(self, user_id: int, actor: str) -> Person:
        """Whoever typed a wrong password too often may try again at once. Never call it inside a
        transaction: the counts have one of their own."""
        person = self.find(user_id)
        self.logins.let_off(None, person.username)
        with self.store.write():
            self.store.people.forget_failures(user_id)
            before = f"{person.failed_sign_ins} failed sign-ins"
            self.audit.write(actor, "user unlock", subject=person.username, before=before)
        return self.find(user_id)

    def awaits_first_admin(self) -> bool:
        return self.store.settings.count_users() == 0

    def set_up(
        self, code: str, username: str, password: str, visitor: Visitor
    ) -> tuple[Person, str]:
        """The first administrator, for whoever has the code that the start has shown, and the
        token of their sign-in; the code works once."""
        self.logins.hold_off(visitor.ip)
        _check_fields({"username": username, "role": "admin"})
        passwords.check(password, username)
        hashed = self.passwords.hash(password)
        with self.store.write():
            if not self.awaits_first_admin() or not self._is_setup_code(code):
                raise WrongSetupCode
            self._check_free(username, None, 0)
            row = PersonRow(username, None, hashed, "admin")
            user_id = self.store.people.add(row, now=self.clock.now())
            self.store.settings.put(
                SETUP_CODE, "", description="", secret=True, now=self.clock.now()
            )
            self.audit.write("set-up code", "user add", subject=username, after="admin")
            person = self.find(user_id)
            token = self.logins.begin(person, visitor)
        self.code_used()
        self.logins.let_off(visitor.ip)
        return person, token

    def _is_setup_code(self, code: str) -> bool:
        digest, _, ends = (self.store.settings.get(SETUP_CODE) or "").partition(" ")
        digits = re.sub(r"\D", "", code)
        written = "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))
        return bool(digest) and tokens.matches(written, digest) and self.clock.now() < ends

    def _set_password(self, person: Person, hashed: str, *, must_change: bool) -> None:
        self.store.people.set_password(
            person.id, hashed, must_change=must_change, now=self.clock.now()
        )

    def _check_free(self, username: str, email: str | None, own_id: int) -> None:
        named = self.store.people.by_name(username)
        if named is not None and named[0].id != own_id:
            raise UserExists
        if email and self.store.people.by_email(email) not in (None, own_id):
            raise UserExists

    def _keep_an_admin(self, old: Person, new: Person) -> None:
        administers = old.role == "admin" and old.is_active
        stays = new.role == "admin" and new.is_active
        if administers and not stays and not self.store.people.other_admins(old.id):
            raise LastAdmin

    def _note(self, old: Person, new: Person, actor: str) -> None:
        for name in CHANGEABLE:
            before, after = _text(getattr(old, name)), _text(getattr(new, name))
            if before != after:
                subject = f"{old.username}: {name}"
                self.audit.write(actor, "user change", subject=subject, before=before, after=after)


def made_up() -> str:
    """Easy to read out: twenty letters and digits in groups, some 100 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


def _check_fields(fields: dict[str, Any]) -> None:
    if not USERNAME.fullmatch(fields.get("username", "x")):
        raise InvalidField(field="username", reason="1 to 50 letters, digits or . _ - + @")
    email = fields.get("email")
    if email is not None and (not EMAIL.fullmatch(email) or email.endswith(NOWHERE)):
        raise InvalidField(field="email", reason="not an address")
    if fields.get("role", "user") not in ROLES:
        raise InvalidField(field="role", reason=f"one of {', '.join(ROLES)}")


def _text(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)
