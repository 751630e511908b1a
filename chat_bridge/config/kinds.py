"""What a setting may be. Each kind reads a value as YAML or the environment gives it; a ValueError
is the reason it is refused, in words that fit behind "'port' is not valid:"."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

# Published in the founding documents' source code: whoever read it could sign in.
KNOWN_KEYS = frozenset({"ObeyG1ant", "FreeUkra1ne", "free0ps", "your-secret-key-here", "changeme"})
SHORTEST_KEY = 8
QUOTA = re.compile(r"[1-9]\d{0,8}/(?:second|minute|hour|day)", re.ASCII)
KIND = "kind"


class Kind(Protocol):
    def read(self, value: Any) -> Any: ...


@dataclass(frozen=True)
class Whole:
    low: int
    high: int

    def read(self, value: Any) -> int:
        reason = f"expected a whole number from {self.low} to {self.high}"
        try:
            number = int(str(value))
        except ValueError as error:
            raise ValueError(reason) from error
        if isinstance(value, bool) or not self.low <= number <= self.high:
            raise ValueError(reason)
        return number


@dataclass(frozen=True)
class Choice:
    allowed: tuple[str, ...]

    def read(self, value: Any) -> str:
        text = _as_text(value)
        if text not in self.allowed:
            raise ValueError(f"allowed are {', '.join(sorted(self.allowed))}")
        return text


@dataclass(frozen=True)
class Words:
    """A list, or one text with commas."""

    def read(self, value: Any) -> tuple[str, ...]:
        parts = value if isinstance(value, list) else str(value or "").split(",")
        return tuple(str(part).strip() for part in parts if str(part).strip())


@dataclass(frozen=True)
class Text:
    """Any text, or what `check` makes of it."""

    check: Callable[[str], Any] = str

    def read(self, value: Any) -> Any:
        return self.check(_as_text(value))


def _as_text(value: Any) -> str:
    if isinstance(value, bool):  # YAML reads a bare on/off as a boolean
        return "on" if value else "off"
    return "" if value is None else str(value).strip()


def _key(text: str) -> str:
    if text in KNOWN_KEYS:
        raise ValueError("this key is published; choose another")
    if text and len(text) < SHORTEST_KEY:
        raise ValueError(f"at least {SHORTEST_KEY} characters are needed")
    return text


def _quota(text: str) -> str:
    if not QUOTA.fullmatch(text):
        raise ValueError("expected a form like 600/minute")
    return text


def _url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query):
        raise ValueError("expected http(s)://host[:port][/path]")
    return text.rstrip("/")


def whole(default: int, low: int, high: int) -> int:
    return field(default=default, metadata={KIND: Whole(low, high)})


def choice(default: str, *others: str) -> str:
    return field(default=default, metadata={KIND: Choice((default, *others))})


def words(*default: str) -> tuple[str, ...]:
    return field(default=default, metadata={KIND: Words()})


def text(default: str) -> str:
    return field(default=default, metadata={KIND: Text()})


def path(default: str) -> Path:
    return field(default=Path(default), metadata={KIND: Text(Path)})


def quota(default: str) -> str:
    return field(default=default, metadata={KIND: Text(_quota)})


def key() -> str:
    """A secret; there is no default one."""
    return field(default="", metadata={KIND: Text(_key)})


def url() -> str:
    return field(default="", metadata={KIND: Text(_url)})
