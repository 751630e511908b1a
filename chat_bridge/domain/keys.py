"""API keys: shown once, stored as prefix and hash, compared in constant time."""

from dataclasses import dataclass, field, replace

from chat_bridge.domain import times, tokens
from chat_bridge.errors import (
    InvalidKey,
    KeyIsConfigured,
    KeyNotFound,
    MissingScope,
    TooManyRequests,
)
from chat_bridge.model import Key
from chat_bridge.ports import Attempts, Clock, Store

SCOPES = (
    "inbox",
    "outbox",
    "files",
    "events",
    "sessions",
    "admin",
    "webhooks",
    "export",
    "metrics",
)
AGENT_SCOPES = frozenset({"inbox", "outbox", "files", "events", "sessions"})
ADMIN_SCOPES = frozenset({"admin"})
PREFIX_LENGTH = 11
CONFIGURED = "cfg_"
MARK_EVERY_MS = 60_000


@dataclass(frozen=True)
class Keys:
    store: Store
    clock: Clock
    attempts: Attempts | None = None
    _accepted: set[str] = field(default_factory=set)

    def authenticate(self, secret: str, address: str | None = None) -> Key:
        """Whoever sent too many wrong keys is not listened to, but for a key that cannot be
        guessed or has been right before: an agent is not locked out by its neighbours."""
        wait = 0 if self.accepted(secret) else self._wait(address)
        if wait and not _unguessable(secret):
            raise TooManyRequests(retry_after=wait)
        found = self._matching(secret)
        if found is None or not self.live(found):
            self._failed(address, wait)
            raise InvalidKey
        self._accepted.add(found.key_hash)
        self._mark_used(found)
        return found

    def accepted(self, secret: str) -> bool:
        """Whether this process has seen it to be a key."""
        return tokens.digest(secret) in self._accepted

    def authorise(self, secret: str, scope: str, address: str | None = None) -> Key:
        key = self.authenticate(secret, address)
        if not key.may(scope):
            raise MissingScope(scope=scope)
        return key

    def create(
        self,
        name: str,
        scopes: frozenset[str],
        *,
        agent_id: int | None = None,
        expires_at: str | None = None,
        word: str | None = None,
    ) -> str:
        """A new key, whose secret is returned here and nowhere else; `word` is its secret part."""
        prefix = "sk_" + tokens.random_word(8).lower()
        secret = f"{prefix}_{word or tokens.new_secret()}"
        key = _live(name, prefix, tokens.digest(secret), scopes)
        self._add(replace(key, agent_id=agent_id, expires_at=expires_at))
        return secret

    def revoke(self, prefix: str) -> None:
        with self.store.write():
            if not self.store.keys.revoke(prefix, now=self.clock.now()):
                raise KeyNotFound(prefix=prefix)

    def retire(self, prefix: str) -> None:
        """Ends a key if it is still one."""
        with self.store.write():
            self.store.keys.revoke(prefix, now=self.clock.now())

    def rotate(self, prefix: str, overlap_seconds: float, word: str | None = None) -> str:
        """A successor that may do the same; the old key works on for the overlap."""
        at = self.clock.text(self.clock.now_ms() + int(overlap_seconds * 1000))
        with self.store.write():
            old = self._live_key(prefix)
            secret = self.create(old.name, old.scopes, agent_id=old.agent_id, word=word)
            self.store.keys.end(prefix, at=at)
        return secret

    def live(self, key: Key) -> bool:
        return not key.revoked_at and not (key.expires_at and key.expires_at <= self.clock.now())

    def configure(self, name: str, secret: str, scopes: frozenset[str]) -> None:
        """Adopts a key given in the settings; the one it replaces stops working."""
        prefix = configured_prefix(secret)
        now = self.clock.now()
        with self.store.write():
            self.store.keys.revoke_other_configured(name, prefix, now=now)
            self._add(_live(name, prefix, tokens.digest(secret), scopes))

    def named(self, name: str) -> bool:
        """Whether a live key of this name exists."""
        return any(k.name == name and k.revoked_at is None for k in self.store.keys.all())

    def _live_key(self, prefix: str) -> Key:
        found = [key for key in self.store.keys.all() if key.prefix == prefix and self.live(key)]
        if not found:
            raise KeyNotFound(prefix=prefix)
        if prefix.startswith(CONFIGURED):
            raise KeyIsConfigured(prefix=prefix)
        return found[0]

    def _add(self, key: Key) -> None:
        with self.store.write():
            self.store.keys.add(key, now=self.clock.now())

    def _matching(self, secret: str) -> Key | None:
        candidates = self.store.keys.candidates(secret[:PREFIX_LENGTH], configured_prefix(secret))
        matching = [key for key in candidates if tokens.matches(secret, key.key_hash)]
        return matching[0] if matching else None

    def _wait(self, address: str | None) -> int:
        return self.attempts.wait(address) if self.attempts and address else 0

    def _failed(self, address: str | None, wait: int) -> None:
        if wait:
            raise TooManyRequests(retry_after=wait)
        if self.attempts and address:
            self.attempts.failed(address)

    def _mark_used(self, key: Key) -> None:
        last = times.milliseconds(key.last_used_at) if key.last_used_at else None
        now_ms = self.clock.now_ms()
        if last is None or abs(now_ms - last) > MARK_EVERY_MS:
            with self.store.write():
                self.store.keys.mark_used(key.id, now=self.clock.text(now_ms))


def configured_prefix(secret: str) -> str:
    return CONFIGURED + tokens.digest(secret)[:12]


def _unguessable(secret: str) -> bool:
    """Of the form that `create` gives: 256 bits, which nobody tries out."""
    return secret.startswith("sk_") and len(secret) > PREFIX_LENGTH + tokens.SHORTEST_SECRET


def _live(name: str, prefix: str, key_hash: str, scopes: frozenset[str]) -> Key:
    return Key(
        id=0,
        name=name,
        prefix=prefix,
        key_hash=key_hash,
        scopes=scopes,
        agent_id=None,
        expires_at=None,
        revoked_at=None,
        last_used_at=None,
    )
