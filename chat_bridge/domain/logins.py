"""Signing in and out. A wrong password, an unknown name and an account that was closed look
alike, in words and in time; whoever tries too often waits, whether the name exists or not."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from chat_bridge.domain import times, tokens
from chat_bridge.domain.audit import Audit
from chat_bridge.domain.passwords import PUBLISHED, Passwords
from chat_bridge.errors import LoginNotFound, SignInLocked, WrongPassword
from chat_bridge.model import Login, Person, SignedIn, Visitor
from chat_bridge.ports import Clock, Store, Tries, Wakeup

WHOLE_MS = 12 * 3_600_000
STAFF_IDLE_MS = 30 * 60_000
MARK_EVERY_MS = 60_000
MOST_SHOWN = 100
SHOWN_NAME = 50


@dataclass(frozen=True)
class Limits:
    """Who may try how often; without a count by address all addresses may."""

    accounts: Tries
    addresses: Tries | None


@dataclass(frozen=True)
class Logins:
    store: Store
    clock: Clock
    passwords: Passwords
    audit: Audit
    limits: Limits
    wakeup: Wakeup | None = None

    def sign_in(self, username: str, password: str, visitor: Visitor) -> tuple[Person, str]:
        """The person and the token of their new sign-in, which is returned here and nowhere
        else."""
        self.hold_off(visitor.ip, username)
        found = self.store.people.by_name(username)
        person, kept = found or (None, None)
        right = self.passwords.matches(kept, password, old_ones=self.store.people.any_bcrypt())
        if person is None or not right or not person.is_active or password in PUBLISHED:
            raise self._refused(person, username, visitor)
        self.let_off(visitor.ip, username)
        if kept and self.passwords.outdated(kept):
            kept = self.passwords.hash(password)
            with self.store.write():
                self.store.people.rehash(person.id, kept)
        return person, self.begin(person, visitor)

    def begin(self, person: Person, visitor: Visitor) -> str:
        """Signs in whoever has just proved who they are."""
        token = tokens.new_secret()
        now_ms = self.clock.now_ms()
        now = self.clock.text(now_ms)
        login = Login(
            id=tokens.random_word(24), user_id=person.id, created_at=now,
            expires_at=self.clock.text(now_ms + WHOLE_MS), last_used_at=now,
            ip_address=visitor.ip, user_agent=(visitor.user_agent or "")[:200],
        )  # fmt: skip
        with self.store.write():
            self.store.logins.forget(now)
            self.store.logins.add(login, tokens.digest(token))
            self.store.people.signed_in(person.id, now=now)
            self.audit.write(person.actor, "sign in", subject=_where(visitor))
        return token

    def signed_in(self, token: str, *, using: bool = True) -> SignedIn | None:
        """Read at every request: a sign-in that was ended opens nothing a moment later. Whoever
        merely holds a socket open is not `using` it."""
        login = self.store.logins.find(tokens.digest(token)) if token else None
        person = self.store.people.find(login.user_id) if login else None
        if login is None or person is None or not person.is_active:
            return None
        if not self._live(login, person):
            return None
        if using:
            self._mark_used(login)
        return SignedIn(person, login, form_token(token))

    def of_person(self, person: Person) -> Sequence[Login]:
        """Where they are signed in, latest first."""
        now = self.clock.now()
        found = self.store.logins.of_user(person.id, now=now, limit=MOST_SHOWN)
        return [login for login in found if self._live(login, person)]

    def sign_out(self, signed_in: SignedIn) -> None:
        person = signed_in.person
        with self.store.write():
            if self.store.logins.end(signed_in.login.id, person.id):
                self.audit.write(person.actor, "sign out", subject=person.username)
        self.tell(person)

    def revoke(self, person: Person, login_id: str, actor: str) -> None:
        """Ends one sign-in of somebody."""
        with self.store.write():
            if not self.store.logins.end(login_id, person.id):
                raise LoginNotFound
            self.audit.write(actor, "sign-in revoke", subject=person.username, before=login_id)
        self.tell(person)

    def end_all(self, person: Person, actor: str, *, kept: str = "") -> int:
        """Signs somebody out everywhere, but in the sign-in to be kept; says how many ended.
        Inside a transaction, `tell` again when it is over."""
        with self.store.write():
            ended = self.store.logins.end_all(person.id, kept)
            if ended:
                told = f"{ended} ended"
                self.audit.write(actor, "sign out everywhere", subject=person.username, after=told)
        self.tell(person)
        return ended

    def tell(self, person: Person) -> None:
        """Has every process look at once whether this person's sockets, streams and waiting
        requests may stay; what is not heard is found out at the next ping."""
        if self.wakeup is not None:
            self.wakeup.notify(json.dumps({"signed_out": person.who}).encode())

    def hold_off(self, address: str | None, username: str | None = None) -> None:
        """Counts an attempt before it is made. Never call it inside a transaction: the counts
        have one of their own."""
        if address and self.limits.addresses:
            self._count(self.limits.addresses, address, f"address {address}")
        if username is not None:
            self._count(self.limits.accounts, _account(username), username)

    def let_off(self, address: str | None, username: str | None = None) -> None:
        """The attempt was right."""
        if address and self.limits.addresses:
            self.limits.addresses.take_back(address)
        if username is not None:
            self.limits.accounts.forget(_account(username))

    def _count(self, tries: Tries, who: str, shown: str) -> None:
        beyond, wait = tries.begin(who)
        if beyond == 1:
            self.audit.write("nobody", "sign in locked", subject=shown[:SHOWN_NAME])
        if beyond:
            raise SignInLocked(retry_after=wait)

    def _refused(self, person: Person | None, username: str, visitor: Visitor) -> WrongPassword:
        with self.store.write():
            self.store.people.failed(person.id if person else 0)
            where = _where(visitor)
            self.audit.write("nobody", "sign in failed", subject=username[:SHOWN_NAME], after=where)
        return WrongPassword()

    def confirm(self, person: Person, password: str, visitor: Visitor) -> None:
        """Asks somebody who is signed in for their password once more."""
        self.hold_off(visitor.ip, person.username)
        kept = self.store.people.password(person.id)
        if not self.passwords.matches(kept, password):
            raise self._refused(person, person.username, visitor)
        self.let_off(visitor.ip, person.username)

    def _live(self, login: Login, person: Person) -> bool:
        now_ms = self.clock.now_ms()
        ends = times.milliseconds(login.expires_at) or 0
        used = times.milliseconds(login.last_used_at or login.created_at) or 0
        idle = STAFF_IDLE_MS if person.staff else WHOLE_MS
        return now_ms < ends and now_ms - used < idle

    def _mark_used(self, login: Login) -> None:
        now_ms = self.clock.now_ms()
        last = times.milliseconds(login.last_used_at) if login.last_used_at else None
        if last is None or abs(now_ms - last) > MARK_EVERY_MS:
            with self.store.write():
                self.store.logins.mark_used(login.id, now=self.clock.text(now_ms))


def form_token(token: str) -> str:
    """What every form of a sign-in carries: made from its token, so no other site knows it."""
    return tokens.digest(f"form:{token}")


def _account(username: str) -> str:
    return hashlib.sha256(username.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()[
        :32
    ]


def _where(visitor: Visitor) -> str:
    return visitor.ip or "unknown address"
