"""A visitor's conversation: who may read and write it, and when it was last alive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chat_bridge.domain import times, tokens
from chat_bridge.domain.guesses import Guesses
from chat_bridge.errors import (
    IdempotencyConflict,
    SessionNotFound,
    SessionTokenRequired,
    SignInExpired,
)
from chat_bridge.model import Agent, Attachment, Person, Session, Visitor
from chat_bridge.ports import Clock, Files, NewEvent, Opened, Opening, Store

TITLE_CHARACTERS = 60
ERASED_AT_ONCE = 100


@dataclass(frozen=True)
class Entry:
    """A session a visitor was let into, with its next stamp; `token` is new and shown once."""

    session: Session
    created: bool
    stamp: int
    token: str | None


@dataclass(frozen=True)
class Sessions:
    store: Store
    files: Files
    clock: Clock
    tokens_required: bool
    guesses: Guesses = field(default_factory=Guesses)

    def open(self, agent: Agent | None, visitor: Visitor, key: str | None = None) -> Entry:
        """A new session that needs its secret from the start. A retry with the same key gets the
        first answer again, secret included."""
        session_id = tokens.new_session_id()
        with self.store.write():
            if key is None:
                return self._touch(session_id, visitor, agent, title=None, bind=True)
            return self._open_once(session_id, visitor, agent, key)

    def enter(self, session_id: str, visitor: Visitor, *, agent: Agent | None, title: str) -> Entry:
        """For a write: opens the session if it is new, else checks the secret. Call it inside
        `store.write()`; a refusal rolls everything back."""
        entry = self._touch(session_id, visitor, agent, title=title[:TITLE_CHARACTERS], bind=False)
        if not entry.created and self._admit(entry.session, visitor):
            self.store.sessions.bind(session_id)
        return entry

    def enter_again(self, session_id: str, visitor: Visitor) -> Session:
        """For the retry of a write. Whoever repeats a message before any secret was presented may
        never have received the one its first answer carried, so none is asked for."""
        session = self.find(session_id)
        if (session.bound or visitor.secret) and self._admit(session, visitor):
            self.store.sessions.bind(session_id)
        return session

    def authorise(self, session_id: str, visitor: Visitor) -> Session:
        """For a read: SessionNotFound for an unknown id as for a wrong secret. Without the secret
        an address has only so many guesses."""
        session = self.store.sessions.find(session_id)
        if session is None or not _proves(visitor, session):
            self.guesses.check(visitor.ip, session_id)
        if session is None:
            self.guesses.missed(visitor.ip, session_id)
            raise SessionNotFound
        self.guesses.read(visitor.ip, session_id)
        if self._admit(session, visitor):
            with self.store.write():
                self.store.sessions.bind(session_id)
        return session

    def find(self, session_id: str) -> Session:
        session = self.store.sessions.find(session_id)
        if session is None:
            raise SessionNotFound
        return session

    def exists(self, session_id: str) -> bool:
        return self.store.sessions.find(session_id) is not None

    def renew_token(self, session: Session, visitor: Visitor) -> str | None:
        """A secret whose first answer was lost is minted anew while none was presented."""
        if session.bound or visitor.secret:
            return None
        secret = tokens.new_secret()
        return secret if self.store.sessions.replace_token(
            session.session_id, tokens.digest(secret)
        ) else None  # fmt: skip

    def of_browser(self, secret: str, limit: int = 100) -> Sequence[Session]:
        return self.store.sessions.of_token(tokens.digest(secret), limit)

    def of_person(self, person: Person, secret: str, limit: int = 100) -> Sequence[Session]:
        """Theirs wherever they began, and what this browser's guest has not given away."""
        own = self.store.sessions.of_user(person.id, limit)
        here = self.of_browser(secret, limit) if usable(secret) else ()
        found = [*own, *(session for session in here if session.user_id is None)]
        return sorted(found, key=lambda session: session.last_activity, reverse=True)[:limit]

    def listed(self, person: Person | None, secret: str) -> Sequence[Session]:
        """Latest first: of a person wherever they began, of a guest those of their browser."""
        if person is not None:
            return self.of_person(person, secret)
        here = self.of_browser(secret) if secret else ()
        return [session for session in here if session.user_id is None]

    def pinned(self, sessions: Sequence[Session]) -> frozenset[str]:
        """Which of these stay on top of their visitor's list."""
        return frozenset(self.store.sessions.pinned([one.session_id for one in sessions]))

    def claim(self, secret: str, person: Person) -> int:
        """Whoever signs in keeps what this browser has said as a guest."""
        if not usable(secret):
            return 0
        with self.store.write():
            return self.store.sessions.claim(tokens.digest(secret), person.id, now=self.clock.now())

    def erase(self, *sessions: Session) -> None:
        """Forgets conversations everywhere: rows by cascade, bytes when nobody else has them."""
        files: list[Attachment] = []
        with self.store.write():
            for session in sessions:
                files += self.store.attachments.of_session(session.session_id)
                # First: links that outlive their rows in a crash would stay for ever.
                self.files.unlink_tree(folder_of(session))
                self.store.sessions.erase(session.session_id)
        # Only now: had that commit failed, the rows would still be there and need their bytes.
        for sha256 in {file.sha256 for file in files}:
            with self.store.write():  # an upload of the same bytes comes before or after this
                if not self.store.attachments.used(sha256):
                    self.files.forget(sha256)

    def erase_all(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """What there was before, and what is there now: others may write meanwhile."""
        before = self.store.sessions.count_everything()
        until = self.clock.text(self.clock.now_ms() + 1)
        while found := self.store.sessions.idle(until, ERASED_AT_ONCE):
            self.erase(*found)
        return before, self.store.sessions.count_everything()

    def watched(self, session: Session, timeout: int) -> None:
        """A reader with a cursor keeps a session from expiring; noted ten times in that time, as
        each note is a write."""
        last = times.milliseconds(session.last_activity) or 0
        if session.status == "active" and last < self.clock.now_ms() - timeout * 100:
            with self.store.write():
                self.store.sessions.watched(session.session_id, now=self.clock.now())

    def retire(self, timeout: int) -> int:
        """Marks sessions nobody used for so many seconds as expired, and says how many."""
        before = self.clock.text(self.clock.now_ms() - timeout * 1000)
        with self.store.write():
            return self.store.sessions.expire(before)

    def close(self, session: Session) -> None:
        """Ended by an operator; what its visitor writes next opens it again."""
        with self.store.write():
            if self.store.console.close_session(session.session_id, now=self.clock.now()):
                self.updated(session.session_id, status="ended")

    def reopen(self, session: Session) -> None:
        """Takes a closing back."""
        with self.store.write():
            if self.store.console.reopen_session(session.session_id, now=self.clock.now()):
                self.updated(session.session_id, status="active")

    def updated(self, session_id: str, **facts: object) -> None:
        self.store.events.add(
            NewEvent(session_id, "session.updated", self.clock.now(), payload=facts)
        )

    def _open_once(self, session_id: str, visitor: Visitor, agent: Agent | None, key: str) -> Entry:
        """A key counts for whoever sent it: a browser, or else an address."""
        own = usable(visitor.secret)
        open_key = tokens.digest(f"{own or visitor.ip}\n{key}")
        body_hash = tokens.digest(str(agent.id) if agent else "")
        earlier = self.store.sessions.opened(open_key)
        opened = earlier or Opened(session_id, tokens.new_secret(), body_hash)
        if opened.body_hash != body_hash:
            raise IdempotencyConflict
        token = None if own else tokens.derived(opened.salt, key)
        if earlier:
            session = self.find(earlier.session_id)
            return Entry(session, created=False, stamp=0, token=token)
        entry = self._touch(
            session_id, replace(visitor, secret=own or token), agent, title=None, bind=True
        )
        self.store.sessions.remember_opening(open_key, opened)
        return replace(entry, token=token)

    def _touch(
        self, session_id: str, visitor: Visitor, agent: Agent | None, *, title: str | None,
        bind: bool,
    ) -> Entry:  # fmt: skip
        now_ms = self.clock.now_ms()
        now = self.clock.text(now_ms)
        presented = usable(visitor.secret)
        minted = None if presented else tokens.new_secret()
        chat_id = tokens.new_chat_id()
        opening = Opening(
            session_id=session_id, chat_id=chat_id, uid=tokens.new_uid(),
            token_hash=tokens.digest(presented or minted or ""),
            bound=bind or presented is not None, agent_id=agent.id if agent else None, title=title,
            partition_key=now[:7].replace("-", "/"), ip_address=visitor.ip,
            user_agent=(visitor.user_agent or "")[:200], now=now, now_ms=now_ms,
            user_id=_owner(visitor),
            from_page=bind and visitor.by_cookie,
        )  # fmt: skip
        session, stamp = self.store.sessions.touch(opening)
        created = session.chat_id == chat_id
        return Entry(session, created, stamp, minted if created else None)

    def _admit(self, session: Session, visitor: Visitor) -> bool:
        """True where the secret was presented for the first time."""
        if session.user_id is not None:
            self._admit_owner(session, visitor)
            return False
        if _proves(visitor, session):
            return not session.bound
        if session.bound or self.tokens_required:
            raise SessionNotFound if visitor.secret else SessionTokenRequired
        return False

    def _admit_owner(self, session: Session, visitor: Visitor) -> None:
        """The secret of the browser where a conversation began does not open it once its owner
        has signed out: others may sit there now."""
        if _owns(visitor, session):
            return
        if visitor.person is None and (_holds_secret(visitor, session) or not visitor.secret):
            raise SignInExpired
        raise SessionNotFound


def _owner(visitor: Visitor) -> int | None:
    """Whoever brings a secret of their own in a header speaks for themselves."""
    brought = visitor.secret and not visitor.by_cookie
    return visitor.person.id if visitor.person and not brought else None


def _proves(visitor: Visitor, session: Session) -> bool:
    return _owns(visitor, session) if session.user_id else _holds_secret(visitor, session)


def _owns(visitor: Visitor, session: Session) -> bool:
    return visitor.person is not None and visitor.person.id == session.user_id


def _holds_secret(visitor: Visitor, session: Session) -> bool:
    secret, expected = visitor.secret, session.token_hash
    return bool(secret and expected and tokens.matches(secret, expected))


def usable(secret: str | None) -> str | None:
    """A secret the caller brings for a new session counts only if it cannot be guessed."""
    return secret if secret and len(secret) >= tokens.SHORTEST_SECRET else None


def folder_of(session: Session) -> str:
    """Where the session's files are linked, inside the tree."""
    return f"{session.partition_key}/{session.chat_id}".lstrip("/")
