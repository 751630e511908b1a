"""Text to commands: `/extract columns=name,email | normalize email=email_format`.

A command is a name and terms; a term is a bare word (`name,email`) or a key, an operator and
values (`city=Berlin`, `amount>=100`). Values are quoted where they hold spaces, commas or `|`:
`'..'`, `".."` or typographic quotes; inside, a backslash escapes the closing quote or itself.
What begins with `[` or `{` and is JSON is taken as JSON. Parentheses before a term group terms
and are terms of their own; `(EUR)` is a word. Some commands take all that follows as one text,
`rest`. Positions count characters from 0.
"""

import json
import re
from collections.abc import Callable
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
_LABEL = re.compile(r"[A-Za-z_]+:(?=['\"“„‘«])")
_PARENTHESISED = re.compile(r"\([^\s()=<>~≠≥≤]*\)")
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
    rest: Value | None = None


def is_command(text: str) -> bool:
    return text.lstrip().startswith("/")


def never(_name: str) -> bool:
    return False


def parse(text: str, verbatim: Callable[[str], bool] = never) -> tuple[Command, ...]:
    """Every command of a pipeline, in order; raises BadSyntax with a position. `verbatim` tells
    which commands take their words as one text."""
    reader = _Reader(text, verbatim)
    if not is_command(text):
        raise BadSyntax(position=reader.skip(), reason="a command begins with '/'")
    commands = [reader.command()]
    while reader.take("|"):
        if reader.skip() == len(text):
            raise reader.error("a command is missing after '|'")
        commands.append(reader.command())
    return tuple(commands)


class _Reader:
    def __init__(self, text: str, verbatim: Callable[[str], bool] = never) -> None:
        self.text = text
        self.at = 0
        self.opened: list[int] = []
        self.verbatim = verbatim

    @property
    def depth(self) -> int:
        return len(self.opened)

    def command(self) -> Command:
        start = self.skip()
        self.take("/")
        found = _NAME.match(self.text, self.at)
        if found is None:
            raise self.error("the name of a command is missing")
        self.at = found.end()
        name = found.group().lower()
        if self.verbatim(name):
            return Command(name, (), start, self.rest())
        terms: list[Term] = []
        self.opened = []
        while (here := self.skip()) < len(self.text) and self.text[here] != "|":
            terms.append(self.parenthesis() or self.term())
        if self.depth:
            raise self.error("a parenthesis is never closed", self.opened[-1])
        return Command(name, tuple(terms), start)

    def rest(self) -> Value:
        """Up to the next `|` that stands outside of quotes."""
        start = self.skip()
        while self.at < len(self.text) and self.text[self.at] != "|":
            opens = self.text[self.at] in QUOTES and not self.text[self.at - 1].isalnum()
            if not opens or self.quoted(glued=True) is None:
                self.at += 1
        return Value(self.text[start : self.at].rstrip(), start, quoted=True)

    def parenthesis(self) -> Term | None:
        """`(` before a term opens a group, `)` after one closes it; `(EUR)` is a word."""
        letter = self.text[self.at]
        opens = letter == "(" and not _PARENTHESISED.match(self.text, self.at)
        if not opens and not (letter == ")" and self.depth):
            return None
        if opens:
            self.opened.append(self.at)
        else:
            self.opened.pop()
        self.at += 1
        return Term(self.at - 1, (Value(letter, self.at - 1),))

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
        found = self.labelled() or self.quoted() or self.json() or self.word(_WORD)
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
        if self.depth:
            self.at -= _closing(found.group(), self.depth)
        return Value(self.text[found.start() : self.at], found.start())

    def quoted(self, *, glued: bool = False) -> Value | None:
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
        closes = self.depth > 0 and self.text.startswith(")", self.at)
        follows = _WORD.match(self.text, self.at) and not _OPERATOR.match(self.text, self.at)
        if follows and not closes and not glued:
            raise self.error("a space is missing after the closing quote")
        return Value("".join(letters), start, quoted=True)

    def labelled(self) -> Value | None:
        """`in:'New York;Rome'`: a label and what it says."""
        label = _LABEL.match(self.text, self.at)
        if label is None:
            return None
        start, self.at = self.at, label.end()
        said = self.quoted()
        return Value(label.group() + said.data, start, quoted=True) if said else None

    def json(self) -> Value | None:
        if self.text[self.at : self.at + 1] not in ("[", "{"):
            return None
        try:
            data, end = _JSON.raw_decode(self.text, self.at)
        except (ValueError, RecursionError):
            return None
        if end < len(self.text) and not (self.text[end].isspace() or self.text[end] in ",|)"):
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


def _closing(word: str, depth: int) -> int:
    """How many parentheses at the end of a word close groups rather than its own."""
    unbalanced = word.count(")") - word.count("(")
    trailing = len(word) - len(word.rstrip(")"))
    return max(0, min(unbalanced, trailing, depth, len(word) - 1))
