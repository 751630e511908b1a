"""What was typed or sent, checked against an operation's argument specs."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from chat_bridge.errors import BadArgument, CommandError, MissingArgument
from chat_bridge.workflow.grammar import Term
from chat_bridge.workflow.registry import Argument, Arguments, Operation, nearest

TRUE = frozenset({"true", "yes", "y", "on", "1"})
FALSE = frozenset({"false", "no", "n", "off", "0"})
LARGEST_INTEGER = 2**53  # beyond it the number would not be the one that was written
PAIRS = 'it takes pairs of names, such as {"first": "second"}'
LONGEST_SHOWN = 80
PLAN_WORDS = ("file", "sheet", "header_row", "preview", "formulas")


@dataclass
class Bound:
    """The terms of one command, sorted by the argument they belong to."""

    values: dict[str, Any] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    plan: dict[str, str] = field(default_factory=dict)


def check(operation: Operation, given: Mapping[str, Any], bound: Bound | None = None) -> Arguments:
    """Typed, complete arguments; names of both vocabularies, wrong ones with the nearest."""
    positions = bound.positions if bound else {}
    try:
        typed = _typed(operation, given)
        for argument in operation.arguments:
            if argument.required and not argument.gather and argument.name not in typed:
                raise _missing(operation, argument)
            typed.setdefault(argument.name, argument.default)
        return operation.check(typed)
    except CommandError as error:
        error.details.setdefault("command", operation.command)
        where = positions.get(str(error.details.get("argument")))
        offset = error.details.pop("offset", 0)
        if where is not None and isinstance(offset, int):
            error.details.setdefault("position", where + offset)
        raise


def refused(command: str, argument: str, reason: str, **details: object) -> BadArgument:
    """One sentence; a reason that begins with a capital letter is one already."""
    sentence = reason
    if not reason[:1].isupper():
        sentence = f"The argument '{argument}' of /{command} is not valid: {reason}"
    sentence += "" if reason.endswith("?") else "."
    return BadArgument(sentence, command=command, argument=argument, reason=reason, **details)


def brief(value: object) -> str:
    """What was sent, as a sentence can show it."""
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def truth(value: Any) -> bool | None:
    """True or False as people write it, None for anything else."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return True if word in TRUE else False if word in FALSE else None


def _typed(operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for name, value in given.items():
        argument = operation.argument(name)
        if argument is None:
            raise unknown_argument(operation, name)
        if value is None:
            continue
        if argument.name in typed:
            raise refused(operation.command, argument.name, "it is given twice")
        try:
            typed[argument.name] = READERS[argument.type](argument, value)
        except _Unreadable as wrong:
            raise refused(operation.command, argument.name, str(wrong), **wrong.details) from None
    return typed


class _Unreadable(Exception):
    """Why a value does not fit its argument's type, and what is nearest to it."""

    def __init__(self, reason: str, **details: object) -> None:
        super().__init__(reason)
        self.details = details


def _text(_: Argument, value: Any) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, (list, dict)):
        raise _Unreadable("it takes one value; put quotes around a text that holds a comma")
    return str(value)


def _list(argument: Argument, value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, (list, dict)) or item is None for item in items):
        raise _Unreadable("it takes a list of texts")
    texts = [str(item) for item in items]
    if argument.type == "columns":
        texts = list(dict.fromkeys(text for text in texts if text.strip()))
    if not texts and argument.required:
        raise _Unreadable("it names no column" if argument.type == "columns" else "it is empty")
    return texts


def _number(_: Argument, value: Any) -> float:
    text = _text(_, value)
    try:
        number = float(text.strip())
    except ValueError:
        number = float("nan")
    if isinstance(value, bool) or not isfinite(number):
        raise _Unreadable(f"'{brief(text)}' is not a number")
    return number


def _integer(argument: Argument, value: Any) -> int:
    number = _number(argument, value)
    if not number.is_integer():
        raise _Unreadable(f"'{brief(value)}' is not a whole number")
    if abs(number) > LARGEST_INTEGER:
        raise _Unreadable(f"'{brief(value)}' is too large")
    return int(number)


def _boolean(argument: Argument, value: Any) -> bool:
    found = truth(value if isinstance(value, bool) else _text(argument, value))
    if found is None:
        raise _Unreadable(f"'{brief(value)}' is neither yes nor no")
    return found


def _choice(argument: Argument, value: Any) -> str:
    word = _text(argument, value).strip().lower()
    word = (argument.spellings or {}).get(word, word)
    found = next((choice for choice in argument.choices if choice.lower() == word), None)
    if found is not None:
        return found
    if argument.refusal:
        near = nearest(word, argument.choices)
        raise _Unreadable(argument.refusal, value=str(value), nearest=near)
    close = nearest(word, argument.choices)
    hint = f"did you mean '{close}'?" if close else f"choose {either(argument.choices)}"
    raise _Unreadable(
        f"'{brief(value)}' is not one of its values; {hint}", value=str(value), nearest=close
    )


def _json(_: Argument, value: Any) -> Any:
    """JSON may come as the text of it."""
    if isinstance(value, str) and value.strip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise _Unreadable("it is not valid JSON") from None
    return value


def _mapping(argument: Argument, value: Any) -> dict[str, Any]:
    found = _json(argument, value)
    if not isinstance(found, dict) or not all(name.strip() for name in found):
        raise _Unreadable(PAIRS)
    return found


def named(command: str, arguments: Arguments) -> dict[str, Any]:
    """`column_mapping` as names to names; a number is a name that looks like one."""
    mapping: Mapping[str, Any] = arguments["column_mapping"] or {}
    for name, value in mapping.items():
        plain = isinstance(value, (str, int, float)) and not isinstance(value, bool)
        if not plain or not str(value).strip():
            told = brief(json.dumps(value, ensure_ascii=False))
            raise refused(command, "column_mapping", f"{PAIRS}; '{brief(name)}' has {told}")
    texts = {name: str(value) for name, value in mapping.items()}
    return {**arguments, "column_mapping": texts or None}


READERS: Mapping[str, Callable[[Argument, Any], Any]] = {
    "text": _text,
    "list": _list,
    "columns": _list,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "choice": _choice,
    "conditions": _json,
    "rules": _json,
    "mapping": _mapping,
    "json": _json,
}


def either(words: Sequence[str]) -> str:
    """'a', 'b' or 'c'."""
    quoted = [f"'{word}'" for word in words]
    return " or ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]])) if quoted else ""


def pairs(terms: Sequence[Term]) -> dict[str, Any]:
    """`new=old other` as a mapping; a name alone stands for itself."""
    found: dict[str, Any] = {}
    for term in terms:
        if term.key is None:
            found |= {str(value.data): str(value.data) for value in term.values}
        elif term.operator == "=" and len(term.values) == 1:
            found[str(term.key.data)] = term.values[0].data
        else:
            raise BadArgument(
                f"After '{term.key.data}' comes = and one name; put quotes around a name that "
                "holds spaces or commas.",
                argument=str(term.key.data),
                position=term.position,
            )
    return found


def _missing(operation: Operation, argument: Argument) -> MissingArgument:
    return MissingArgument(
        f"/{operation.command} needs '{argument.name}', for example: {operation.examples[0]}",
        argument=argument.name,
    )


def unknown_argument(operation: Operation, name: str, **details: object) -> BadArgument:
    known = [word for argument in operation.arguments for word in argument.names]
    close = nearest(name, [*known, *PLAN_WORDS])
    taken = either([argument.name for argument in operation.arguments])
    hint = f"it takes {taken}." if taken else "it takes none."
    hint = f"did you mean '{close}'?" if close else hint
    return BadArgument(
        f"/{operation.command} has no argument '{brief(name)}'; {hint}",
        command=operation.command,
        argument=name,
        nearest=close,
        **details,
    )
