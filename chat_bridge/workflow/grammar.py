"""Text to commands: `/extract columns=name,email | normalize email=email_format`.

A command is a name and terms; a term is a bare word (`name,email`) or a key, an operator and
values (`city=Berlin`, `amount>=100`). Values are quoted where they hold spaces, commas or `|`:
`'..'`, `".."` or typographic quotes; inside, a backslash escapes the closing quote or itself.
What begins with `[` or `{` and is JSON is taken as JSON. Positions count characters from 0.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from chat_bridge.errors import BadSyntax

QUOTES = {'"': '"', "'": "'", "“": "”", "”": "”", "„": "“”", "‘": "’", "«": "»"}
SYMBOLS = {"==": "=", "<>": "!=", "≠": "!=", "≥": ">=", "≤": "<="}

_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"[^\s|=<>~,]+")
_OPERATOR = re.compile(r"!=|!~|>=|<=|==|<>|[=<>~≠≥≤]")
_KEY = re.compile(r"(?:(?![\s,|=<>~≠≥≤]|!=|!~).)+", re.DOTALL)
_WORD = re.compile(r"[^\s,|]+")
_JSON = json.JSONDecoder()


@dataclass(frozen=True)
class Value:
    """Text as it was meant (or what JSON stands for), and where it begins."""

    data: Any
    position: int
    quoted: bool = False


@dataclass(frozen=True)
class Term:
    """`key operator values`; a bare word has neither key nor operator."""

    position: int
    values: tuple[Value, ...]
    key: Value | None = None
    operator: str = ""


@dataclass(frozen=True)
class Command:
    name: str
    terms: tuple[Term, ...]
    position: int


def is_command(text: str) -> bool:
    return text.lstrip().startswith("/")


def parse(text: str) -> tuple[Command, ...]:
    """Every command of a pipeline, in order; raises BadSyntax with a position."""
    reader = _Reader(text)
    if not is_command(text):
        raise BadSyntax(position=reader.skip(), reason="a command begins with '/'")
    commands = [reader.command()]
    while reader.take("|"):
        if reader.skip() == len(text):
            raise reader.error("a command is missing after '|'")
        commands.append(reader.command())
    return tuple(commands)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def command(self) -> Command:
        start = self.skip()
        self.take("/")
        found = _NAME.match(self.text, self.at)
        if found is None:
            raise self.error("the name of a command is missing")
        self.at = found.end()
        terms = []
        while (here := self.skip()) < len(self.text) and self.text[here] != "|":
            terms.append(self.term())
        return Command(found.group().lower(), tuple(terms), start)

    def term(self) -> Term:
        start = self.at
        key = self.quoted() or self.word(_KEY, operator_may_follow=True)
        if key is None:
            return self.bare(start)
        after_key = self.at
        found = _OPERATOR.match(self.text, self.skip())
        if found is None:
            self.at = start if not key.quoted else after_key
            return self.bare(start, key if key.quoted else None)
        self.at = found.end()
        operator = SYMBOLS.get(found.group(), found.group())
        return Term(start, self.values_after(found.group()), key, operator)

    def bare(self, start: int, first: Value | None = None) -> Term:
        if first is None and _OPERATOR.match(self.text, start):
            raise self.error("a name is missing before the operator", start)
        return Term(start, self.values(first or self.value()))

    def values_after(self, operator: str) -> tuple[Value, ...]:
        glued = self.at
        here = self.skip()
        first = self.value() if here < len(self.text) and self.text[here] != "|" else None
        if first is None or (here > glued and self.is_pair(first)):
            raise self.error(f"a value is missing after '{operator}'", here)
        return self.values(first)

    def values(self, first: Value) -> tuple[Value, ...]:
        """The rest of a list: commas bind, with or without spaces around them."""
        values = [first]
        while True:
            end = self.at
            self.skip()
            if not self.take(","):
                self.at = end
                return tuple(values)
            if self.skip() >= len(self.text) or self.text[self.at] == "|":
                return tuple(values)
            values.append(self.value())

    def value(self) -> Value:
        found = self.quoted() or self.json() or self.word(_WORD)
        if found is None:
            raise self.error("a value is missing before ','")
        return found

    def word(self, shape: re.Pattern[str], *, operator_may_follow: bool = False) -> Value | None:
        found = shape.match(self.text, self.at)
        if found is None:
            return None
        if operator_may_follow and self.text[self.at] in "[{":
            return None
        self.at = found.end()
        return Value(found.group(), found.start())

    def quoted(self) -> Value | None:
        start = self.at
        closing = QUOTES.get(self.text[start : start + 1])
        if closing is None:
            return None
        letters: list[str] = []
        at = start + 1
        while at < len(self.text) and self.text[at] not in closing:
            escaped = self.text[at] == "\\" and self.text[at + 1 : at + 2] in ("\\", *closing)
            at += 1 if escaped else 0
            letters.append(self.text[at])
            at += 1
        if at >= len(self.text):
            raise self.error("the quote is never closed", start)
        self.at = at + 1
        if _WORD.match(self.text, self.at) and not _OPERATOR.match(self.text, self.at):
            raise self.error("a space is missing after the closing quote")
        return Value("".join(letters), start, quoted=True)

    def json(self) -> Value | None:
        if self.text[self.at : self.at + 1] not in ("[", "{"):
            return None
        try:
            data, end = _JSON.raw_decode(self.text, self.at)
        except (ValueError, RecursionError):
            return None
        if end < len(self.text) and not (self.text[end].isspace() or self.text[end] in ",|"):
            return None
        start, self.at = self.at, end
        return Value(data, start, quoted=True)

    def is_pair(self, value: Value) -> bool:
        return not value.quoted and bool(_OPERATOR.search(value.data))

    def skip(self) -> int:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def take(self, letter: str) -> bool:
        taken = self.text.startswith(letter, self.at)
        self.at += len(letter) if taken else 0
        return taken

    def error(self, reason: str, position: int | None = None) -> BadSyntax:
        return BadSyntax(position=self.at if position is None else position, reason=reason)
