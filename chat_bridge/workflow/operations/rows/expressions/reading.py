"""An expression over columns, read by descent: `amount * 1.19 > 100 and city in (Berlin, Paris)`.

Nothing of it is ever evaluated as a program: it becomes a tree, and the tree a polars expression.
"""

import re
from dataclasses import dataclass

from chat_bridge.errors import BadArgument
from chat_bridge.workflow.arguments import refused
from chat_bridge.workflow.grammar import QUOTES, SYMBOLS
from chat_bridge.workflow.operations.rows.conditions import OPERATORS, UNARY
from chat_bridge.workflow.operations.rows.expressions.tree import (
    Arithmetic,
    Call,
    Comparison,
    Joined,
    Name,
    Node,
    Not,
    Number,
    Quoted,
    Truth,
)
from chat_bridge.workflow.registry import nearest

LONGEST = 4_000
DEEPEST = 40
MOST_CALCULATED = 100
FUNCTIONS = (
    "length", "lower", "upper", "trim", "abs", "round", "year", "month", "day",
)  # fmt: skip
RESERVED = frozenset({"and", "or", "not", "in", "is"})
_OPPOSITE = {"equals": "not_equals", "contains": "not_contains", "is_empty": "is_not_empty"}
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.:-]))"
    r"|(?P<bracket>\[[^\]]+\]|`[^`]+`)|(?P<operator>!=|!~|>=|<=|==|<>|[=<>~≠≥≤])"
    r"|(?P<mark>[(),*/%+]|-(?=[\s\d(.\[`a-zA-Z_]))|(?P<word>[^\s=<>~≠≥≤(),*/%+!\"']+)"
)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    position: int

    @property
    def word(self) -> str:
        return self.text.lower() if self.kind == "word" else ""


def parse(text: str) -> Node:
    """Raises BadArgument with the position of what cannot be read."""
    if len(text) > LONGEST:
        raise bad(f"an expression has at most {LONGEST:,} characters", 0)
    reader = _Reader(_tokens(text), len(text))
    node = reader.either(0)
    if reader.here is not None:
        raise bad(f"'{reader.here.text}' is not expected here", reader.here.position)
    if not isinstance(node, Truth):
        raise bad("it compares nothing; write for example amount > 100", 0)
    return node


def bad(reason: str, where: int, **details: object) -> BadArgument:
    return refused("filter", "expression", reason, offset=where, **details)


def _tokens(text: str) -> list[Token]:
    tokens, at = [], 0
    while at < len(text):
        closing = QUOTES.get(text[at])
        if closing is not None:
            token, at = _quoted(text, at, closing)
            tokens.append(token)
            continue
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise bad(f"'{text[at]}' cannot be read", at)
        if found.lastgroup != "space":
            tokens.append(Token(found.lastgroup, found.group(), at))
        at = found.end()
    return tokens


def _quoted(text: str, start: int, closing: str) -> tuple[Token, int]:
    letters: list[str] = []
    at = start + 1
    while at < len(text) and text[at] not in closing:
        at += text[at] == "\\" and text[at + 1 : at + 2] in ("\\", *closing)
        letters.append(text[at])
        at += 1
    if at >= len(text):
        raise bad("the quote is never closed", start)
    return Token("quoted", "".join(letters), start), at + 1


class _Reader:
    def __init__(self, tokens: list[Token], end: int) -> None:
        self.tokens, self.end, self.at = tokens, end, 0
        self.calculated = 0

    @property
    def here(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    @property
    def position(self) -> int:
        return self.here.position if self.here else self.end

    def either(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise bad(f"it is nested more than {DEEPEST} deep", self.position)
        return self.joined("or", depth)

    def joined(self, word: str, depth: int) -> Node:
        """Conditions that follow one another without a word are joined by `and`."""
        start = self.position
        parts = [self.part(word, depth)]
        while self.here is not None and (self.word(word) or self.follows(word)):
            parts.append(self.part(word, depth))
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            self.check_truth(part)
        return Joined(word, tuple(parts), start)

    def part(self, word: str, depth: int) -> Node:
        return self.joined("and", depth) if word == "or" else self.negated(depth)

    def follows(self, word: str) -> bool:
        here = self.here
        return word == "and" and here is not None and here.word != "or" and here.text not in (
            ")", ",",
        )  # fmt: skip

    def negated(self, depth: int) -> Node:
        start = self.position
        if self.word("not"):
            part = self.negated(depth + 1) if depth < DEEPEST else self.either(depth + 1)
            self.check_truth(part)
            return Not(part, start)
        return self.comparison(depth)

    def comparison(self, depth: int) -> Node:
        start = self.position
        left = self.sum(depth)
        operator = self.operator()
        if operator is None:
            return left
        if operator in UNARY:
            return Comparison(operator, left, (), start)
        if operator == "between":
            low = self.sum(depth)
            if not self.word("and") and not self.mark(","):
                raise bad("between takes two values: between 1 and 10", self.position)
            return Comparison(operator, left, (low, self.sum(depth)), start)
        return Comparison(operator, left, self.values(depth), start)

    def operator(self) -> str | None:
        """A sign, or up to three words that name an operator of /search."""
        here = self.here
        if here is None:
            return None
        if here.kind == "operator":
            self.at += 1
            return OPERATORS[SYMBOLS.get(here.text, here.text)]
        for count in (3, 2, 1):
            words = [token.word for token in self.tokens[self.at : self.at + count]]
            if len(words) < count or not all(words):
                continue
            opposite = words[0] == "not" and count > 1
            name = OPERATORS.get("_".join(words)) or (
                _OPPOSITE.get(OPERATORS.get("_".join(words[1:]), "")) if opposite else None
            )
            if name:
                self.at += count
                return name
        return None

    def values(self, depth: int) -> tuple[Node, ...]:
        """`a`, `a, b` or `(a, b)`."""
        mark = self.at
        if self.mark("("):
            found = [self.sum(depth + 1)]
            while self.mark(","):
                found.append(self.sum(depth + 1))
            if self.mark(")") and (len(found) > 1 or not self.calculates()):
                return tuple(found)
            self.at = mark
        found = [self.sum(depth)]
        while self.mark(","):
            found.append(self.sum(depth))
        return tuple(found)

    def calculates(self) -> bool:
        return self.here is not None and self.here.kind == "mark" and self.here.text in "*/%+-"

    def sum(self, depth: int) -> Node:
        return self.chain(("+", "-"), depth)

    def chain(self, signs: tuple[str, ...], depth: int) -> Node:
        inner = ("*", "/", "%")
        left = self.chain(inner, depth) if signs != inner else self.atom(depth)
        while self.here is not None and self.here.kind == "mark" and self.here.text in signs:
            sign, where = self.here.text, self.position
            self.at += 1
            self.calculated += 1
            if self.calculated > MOST_CALCULATED:
                raise bad(f"it calculates more than {MOST_CALCULATED} times", where)
            right = self.chain(inner, depth) if signs != inner else self.atom(depth)
            left = Arithmetic(sign, left, right, where)
        return left

    def atom(self, depth: int) -> Node:
        here = self.here
        if here is None or here.kind == "operator" or here.word in RESERVED:
            raise bad("a column or a value is missing", self.position)
        self.at += 1
        if here.text == "(" and here.kind == "mark":
            inner = self.either(depth + 1)
            if not self.mark(")"):
                raise bad("a parenthesis is never closed", here.position)
            return inner
        if here.text == "-" and here.kind == "mark":
            return Arithmetic("-", Number("0", here.position), self.atom(depth), here.position)
        if here.kind == "mark":
            raise bad(f"'{here.text}' is not expected here", here.position)
        return self.operand(here, depth)

    def operand(self, here: Token, depth: int) -> Node:
        if here.kind == "number":
            return Number(here.text, here.position)
        if here.kind == "quoted":
            return Quoted(here.text, here.position)
        if here.kind == "bracket":
            return Name(here.text[1:-1].strip(), here.position, exact=True)
        if here.word in FUNCTIONS and self.mark("("):
            inside = [self.sum(depth + 1)]
            while self.mark(","):
                inside.append(self.sum(depth + 1))
            if not self.mark(")"):
                raise bad("a parenthesis is never closed", here.position)
            return Call(here.word, tuple(inside), here.position)
        self.check_function(here)
        return Name(here.text, here.position)

    def check_function(self, name: Token) -> None:
        """A word that a parenthesis follows at once is meant to be a function."""
        after = name.position + len(name.text)
        if self.here is None or self.here.text != "(" or self.here.position != after:
            return
        close = nearest(name.word, FUNCTIONS)
        hint = f"did you mean '{close}'?" if close else f"there are {', '.join(FUNCTIONS)}"
        hint += "" if close else "; a column whose name has signs stands in brackets, as [A (EUR)]"
        raise bad(f"there is no function '{name.text}'; {hint}", name.position, nearest=close)

    def word(self, word: str) -> bool:
        taken = self.here is not None and self.here.word == word
        self.at += taken
        return taken

    def mark(self, text: str) -> bool:
        taken = self.here is not None and self.here.kind == "mark" and self.here.text == text
        self.at += taken
        return taken

    def check_truth(self, part: Node) -> None:
        if not isinstance(part, Truth):
            raise bad("a condition is missing, such as amount > 100", part.position)
