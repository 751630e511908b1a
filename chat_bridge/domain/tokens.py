"""Random identifiers and the hashes of secrets. Tokens carry 256 random bits, so a plain
SHA-256 keeps them; ids that open something carry at least 122."""

import hashlib
import hmac
import secrets
import string
import uuid
from base64 import urlsafe_b64encode

LETTERS = string.ascii_letters + string.digits
SHORTEST_SECRET = 32


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def matches(secret: str, expected_digest: str) -> bool:
    return hmac.compare_digest(digest(secret), expected_digest)


def derived(salt: str, word: str) -> str:
    """The same secret again for the same two; as good as the better one of them."""
    mac = hmac.digest(salt.encode(), word.encode("utf-8", "surrogatepass"), "sha256")
    return urlsafe_b64encode(mac).rstrip(b"=").decode()


def random_word(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def new_session_id() -> str:
    return "session_" + random_word(24)


def new_chat_id() -> str:
    return str(uuid.uuid4())


def new_uid() -> str:
    return secrets.token_hex(8)
