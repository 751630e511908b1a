"""What an expression is made of once it is read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    text: str
    position: int


@dataclass(frozen=True)
class Quoted:
    """A text in quotes; it may also be the name of a column."""

    text: str
    position: int


@dataclass(frozen=True)
class Name:
    """A bare word, or `exact` in brackets: `[First name]`, which is a column and nothing else."""

    text: str
    position: int
    exact: bool = False


@dataclass(frozen=True)
class Call:
    function: str
    arguments: "tuple[Node, ...]"
    position: int


@dataclass(frozen=True)
class Arithmetic:
    sign: str
    left: "Node"
    right: "Node"
    position: int


@dataclass(frozen=True)
class Comparison:
    """`operator` is one of a search's; `right` holds two ends for between, several for equals."""

    operator: str
    left: "Node"
    right: "tuple[Node, ...]"
    position: int


@dataclass(frozen=True)
class Joined:
    """`and` or `or` of what it holds."""

    word: str
    parts: "tuple[Node, ...]"
    position: int


@dataclass(frozen=True)
class Not:
    part: "Node"
    position: int


Node = Number | Quoted | Name | Call | Arithmetic | Comparison | Joined | Not
Truth = (Comparison, Joined, Not)
