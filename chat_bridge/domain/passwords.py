"""Passwords: argon2id for new ones; the bcrypt hashes of another program keep verifying and stay
as they are, because that program may still read them."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chat_bridge.errors import Unavailable, WeakPassword

SHORTEST, LONGEST = 8, 256
AT_ONCE = 2  # each takes 19 MiB while it is worked out
PATIENCE_SECONDS = 10.0
BCRYPT_BYTES = 72
LOOKED_AT = 32  # characters; what is longer is not guessed by its beginning
NOBODYS_BCRYPT = b"$2b$12$w/yHgbp4s5IiPVC8Q703mOiNTcaEyF41DX1eXJ53FKy2yYGz6N.LK"
Done = TypeVar("Done")
OURS = ("chat bridge", "chatbridge", "chat-bridge", "sanctum")
EASY = 2  # below: fewer than a million guesses
PUBLISHED = frozenset({"admin123", "changeme123"})  # of every founding installation


class Passwords:
    """At most `AT_ONCE` are worked on at a time, on threads of their own: the allocator keeps for
    each thread what a hash took there, and on those of requests a flood took 19 MiB from each."""

    def __init__(self) -> None:
        self._argon = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._nobodys = self._argon.hash(secrets.token_bytes())

    def hash(self, password: str) -> str:
        return self._apart(lambda: self._argon.hash(_bytes(password)))

    def matches(self, kept: str | None, password: str, *, old_ones: bool = False) -> bool:
        """None is nobody's hash, which takes as long and never matches. Where `old_ones` are kept
        too, every attempt works out one of each kind, or the time would tell who has which."""
        return self._apart(lambda: self._matches(kept, _bytes(password), old_ones))

    def _matches(self, kept: str | None, given: bytes, old_ones: bool) -> bool:
        if kept is not None and kept.startswith("$2"):
            self._argon_matches(self._nobodys, given)
            return _bcrypt_matches(kept.encode(), given)
        found = self._argon_matches(kept or self._nobodys, given)
        if old_ones:
            _bcrypt_matches(NOBODYS_BCRYPT, given)
        return found and bool(kept)

    def outdated(self, kept: str) -> bool:
        return kept.startswith("$argon2") and self._argon.check_needs_rehash(kept)

    def _argon_matches(self, kept: str, given: bytes) -> bool:
        try:
            return self._argon.verify(kept, given)
        except (VerificationError, InvalidHashError):
            return False

    def _apart(self, work: Callable[[], Done]) -> Done:
        done = self._threads.submit(work)
        try:
            return done.result(PATIENCE_SECONDS)
        except TimeoutError as error:
            done.cancel()
            raise Unavailable from error


def check(password: str, username: str) -> None:
    """Length decides; what is guessed soon is refused, and so is one's own name."""
    lowered = password.lower()
    if len(password) < SHORTEST:
        raise WeakPassword(reason=f"at least {SHORTEST} characters are needed")
    if len(password) > LONGEST:
        raise WeakPassword(reason=f"at most {LONGEST} characters are kept")
    if username and username.lower() in lowered and len(password) < len(username) + SHORTEST:
        raise WeakPassword(reason="it is made of the user name")
    if _easy(password, username):
        raise WeakPassword(reason="it is among the first that are tried")


def _easy(password: str, username: str) -> bool:
    from zxcvbn import zxcvbn  # 14 MB of words, for the few processes that ever need them

    beginning = password[:LOOKED_AT]
    return bool(zxcvbn(beginning, [username, *OURS])["score"] < EASY)


def _bcrypt_matches(kept: bytes, given: bytes) -> bool:
    """As the programs that made these hashes did, only the first bytes count."""
    try:
        return bcrypt.checkpw(given[:BCRYPT_BYTES], kept)
    except ValueError:
        return False


def _bytes(password: str) -> bytes:
    return password[: LONGEST + 1].encode("utf-8", "surrogatepass")
