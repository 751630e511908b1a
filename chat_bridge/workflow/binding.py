"""The terms of a typed command, sorted by the arguments of its operation."""

import re
from collections.abc import Sequence
from typing import Any

from chat_bridge.workflow.arguments import PLAN_WORDS, Bound, refused, unknown_argument
from chat_bridge.workflow.grammar import Command, Term, Value
from chat_bridge.workflow.registry import Argument, Operation


def bind(operation: Operation, command: Command) -> Bound:
    if command.rest is not None:
        return _bind_verbatim(operation, command.rest)
    bound = Bound()
    loose: list[Term] = []
    for term in command.terms:
        argument = _named(operation, term)
        if argument is not None:
            _put(bound, operation, argument, term)
        elif _word(term) in PLAN_WORDS and term.operator == "=":
            bound.plan[_word(term)] = str(term.values[0].data)
            bound.positions[_word(term)] = term.position
        else:
            loose.append(term)
    _bind_loose(bound, operation, loose)
    return bound


def _named(operation: Operation, term: Term) -> Argument | None:
    """The argument a term speaks of: `key=value`, or a switch named alone."""
    word = _word(term)
    argument = operation.argument(word) if word else None
    if argument is None or term.operator == "=":
        return argument
    alone = term.key is None and len(term.values) == 1 and argument.type == "boolean"
    return argument if alone else None


def _word(term: Term) -> str:
    """The unquoted name a term begins with; in quotes it can only be a column."""
    first = term.key or term.values[0]
    return "" if first.quoted else str(first.data).lower()


def _put(bound: Bound, operation: Operation, argument: Argument, term: Term) -> None:
    if argument.name in bound.values:
        raise refused(operation.command, argument.name, "it is given twice", position=term.position)
    bound.values[argument.name] = True if term.key is None else _plain(term.values)
    bound.positions[argument.name] = term.position


def _plain(values: Sequence[Value]) -> Any:
    return values[0].data if len(values) == 1 else [value.data for value in values]


def _bind_loose(bound: Bound, operation: Operation, terms: Sequence[Term]) -> None:
    if not terms:
        return
    gatherer = next((a for a in operation.arguments if a.gather), None)
    if gatherer and gatherer.gather:
        if gatherer.name in bound.values:
            where = terms[0].position
            raise refused(operation.command, gatherer.name, "it is given twice", position=where)
        bound.positions[gatherer.name] = terms[0].position
        bound.values[gatherer.name] = gatherer.gather(terms)
        return
    bare = next((a for a in operation.arguments if a.bare), None)
    for term in terms:
        if term.key is not None or bare is None:
            raise unknown_argument(operation, _label(term), position=term.position)
        bound.positions.setdefault(bare.name, term.position)
        words = bound.values.setdefault(bare.name, [])
        if not isinstance(words, list):
            raise unknown_argument(operation, _label(term), position=term.position)
        words.extend(value.data for value in term.values)


def _bind_verbatim(operation: Operation, rest: Value) -> Bound:
    """One text, but for arguments at its beginning and at its end: `output=found.csv`."""
    bound, text, start = Bound(), str(rest.data), rest.position
    taken = [a for a in operation.arguments if not a.verbatim]
    names = [name for argument in taken for name in argument.names]
    pair = rf"(?P<key>{'|'.join([*names, *PLAN_WORDS])})=(?P<value>'[^']*'|\"[^\"]*\"|[^\s'\"()]+)"
    while found := re.match(rf"{pair}(?:\s+|$)", text) or re.search(rf"(?:^|\s+){pair}$", text):
        key, value = found["key"], found["value"]
        quoted = value[0] in "'\""
        data = value[1:-1] if quoted else value
        if key in PLAN_WORDS:
            bound.plan[key] = data
        else:
            where = start + found.start("key")
            term = Term(where, (Value(data, where),), Value(key, where), "=")
            argument = operation.argument(key)
            assert argument is not None
            _put(bound, operation, argument, term)
        if found.start() == 0:
            start += found.end()
        text = text[found.end() :] if found.start() == 0 else text[: found.start()]
    argument = operation.verbatim
    if argument is not None and text:
        own = re.match(rf"(?:{'|'.join(argument.names)})=(['\"])(.*)\1$", text, re.DOTALL)
        bound.values[argument.name] = own[2] if own else text
        bound.positions[argument.name] = start + (own.start(2) if own else 0)
    return bound


def _label(term: Term) -> str:
    return str((term.key or term.values[0]).data)
