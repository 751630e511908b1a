"""Rules a column can be held to: read from words or from JSON into `{column, rule, value}`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chat_bridge.errors import BadArgument, MissingArgument
from chat_bridge.workflow import patterns, values
from chat_bridge.workflow.arguments import refused, truth
from chat_bridge.workflow.grammar import Term
from chat_bridge.workflow.registry import Arguments, nearest

TYPES = ("number", "integer", "date", "email", "boolean")
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "required": ("not_blank", "not_empty", "filled", "not_null"),
    "unique": ("distinct", "no_duplicates"),
    "type": ("is", "data_type"),
    "min": ("minimum", "at_least", "from"),
    "max": ("maximum", "at_most", "to"),
    "range": ("between",),
    "pattern": ("regex", "matches"),
    "allowed": ("in", "one_of", "values", "allowed_values", "choices"),
    "length": ("len",),
    "min_length": ("minlength",),
    "max_length": ("maxlength",),
}
RULES = {word: name for name, words in SPELLINGS.items() for word in (name, *words)}
PLAIN = frozenset({"required", "unique"})


def gather(terms: Sequence[Term]) -> list[dict[str, Any]]:
    """`email=required,email amount=number,range:0..100 code='pattern:^[A-Z]{2,3}$'`."""
    rules: list[dict[str, Any]] = []
    for term in terms:
        if term.key is None or term.operator != "=":
            shown = (term.key or term.values[0]).data
            raise _bad(f"Write '{shown}=required' to say what a column must be", term.position)
        for value in term.values:
            rule, colon, told = str(value.data).partition(":")
            rules.append(
                {
                    "column": str(term.key.data),
                    "rule": rule,
                    "value": told if colon else None,
                    "position": value.position,
                }
            )
    return rules


def check(arguments: Arguments) -> Arguments:
    given = arguments["rules"]
    if isinstance(given, Mapping):
        given = [_of_column(name, told) for name, told in given.items()]
    if given is not None and not isinstance(given, list):
        raise _bad("Rules are a list of {column, rule, value}", None)
    rules = [rule for item in given or () for rule in _rules(item)]
    if not rules:
        raise MissingArgument(
            "At least one rule is required, for example: /validate email=required,email",
            argument="rules",
        )
    return {**arguments, "rules": rules}


def title(arguments: Arguments) -> str:
    columns = dict.fromkeys(rule["column"] for rule in arguments["rules"])
    return f"Check {', '.join(columns)}"


def told(rule: Mapping[str, Any]) -> str:
    """What a cell fails to be, in words."""
    name, value = rule["rule"], rule["value"]
    if name == "range":
        return f"is not between {_shown(value[0])} and {_shown(value[1])}"
    if name == "length":
        return f"is not {value[0]} to {value[1]} characters long"
    words = {
        "required": "is blank",
        "unique": "is there more than once",
        "type": f"is no {value}",
        "min": f"is less than {_shown(value)}",
        "max": f"is more than {_shown(value)}",
        "pattern": f"does not match {value}",
        "min_length": f"is shorter than {value}",
        "max_length": f"is longer than {value}",
    }
    return words[name] if name in words else f"is none of {', '.join(value)}"


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _of_column(name: str, told: Any) -> Any:
    if isinstance(told, str):
        told = [told]
    if isinstance(told, list):
        return {"column": name, **{str(word): True for word in told}}
    return {"column": name, **told} if isinstance(told, Mapping) else None


def _rules(item: Any) -> Iterator[dict[str, Any]]:
    """One `{column, rule, value}`, or an object that holds several rules by their names."""
    column = item.get("column", item.get("column_name")) if isinstance(item, Mapping) else None
    if not isinstance(column, str) or not column.strip():
        raise _bad("A rule names a column and what its cells must be", None)
    where = item.get("position")
    if item.get("rule") is not None:
        own = {k: v for k, v in item.items() if k not in ("column", "column_name", "rule")}
        value = own.get("value")
        if value is None and ("min" in own or "max" in own):
            value = [own.get("min"), own.get("max")]
        yield _rule(column, str(item["rule"]), own.get("values", value), where)
        return
    found = {k: v for k, v in item.items() if k not in ("column", "column_name", "position")}
    if not found:
        raise _bad(f"It does not say what '{column}' must be", where)
    for name, value in found.items():
        if _word(name) in PLAIN and truth(value) is False:
            continue
        yield _rule(column, name, None if value is True else value, where)


def _rule(column: str, name: str, value: Any, where: int | None) -> dict[str, Any]:
    word = _word(name)
    if word in TYPES and value is None:
        word, value = "type", word
    rule = RULES.get(word)
    if rule is None:
        close = nearest(word, [*RULES, *TYPES])
        known = ", ".join([*SPELLINGS, *TYPES])
        hint = f"did you mean '{close}'?" if close else f"the rules are {known}"
        raise _bad(f"There is no rule '{name}'; {hint}", where, nearest=close, value=name)
    if rule in PLAIN:
        return {"column": column, "rule": rule, "value": None}
    if value is None or value == "":
        raise _bad(f"'{rule}' needs a value, as in {column}={_EXAMPLES[rule]}", where)
    try:
        return {"column": column, "rule": rule, "value": READERS[rule](value)}
    except (patterns.Unusable, ValueError) as wrong:
        raise _bad(f"{wrong} ({column}={rule})", where) from None


def _word(name: Any) -> str:
    return str(name).strip().lower().replace("-", "_").replace(" ", "_")


def _type(value: Any) -> str:
    word = _word(value)
    word = {"int": "integer", "numeric": "number", "float": "number", "bool": "boolean"}.get(
        word, word
    )
    if word not in TYPES:
        close = nearest(word, TYPES)
        hint = f"; did you mean '{close}'?" if close else f"; the types are {', '.join(TYPES)}"
        raise ValueError(f"'{value}' is not a type that can be checked{hint}")
    return word


def _bound(value: Any) -> float | str:
    """A number, or the text of a date."""
    number = None if isinstance(value, bool) else values.number_of(value)
    if number is not None:
        return number
    if isinstance(value, str) and values.moment_of(value) is not None:
        return value
    raise ValueError(f"'{value}' is neither a number nor a date")


def _range(value: Any) -> list[Any]:
    low, high = _two(value)
    found = [_bound(low), _bound(high)]
    if isinstance(found[0], str) != isinstance(found[1], str):
        raise ValueError("one end is a number and the other a date")
    return found


def _two(value: Any) -> tuple[Any, Any]:
    ends = value if isinstance(value, list) else str(value).split("..")
    if len(ends) != len(("low", "high")) or any(end in (None, "") for end in ends):
        raise ValueError(f"'{value}' is no range such as 1..10")
    return ends[0], ends[1]


def _count(value: Any) -> int:
    number = None if isinstance(value, bool) else values.number_of(value)
    if number is None or not number.is_integer() or number < 0:
        raise ValueError(f"'{value}' is not a whole number")
    return int(number)


def _length(value: Any) -> list[int]:
    ends = _two(value) if isinstance(value, list) or ".." in str(value) else (value, value)
    return [_count(end) for end in ends]


def _words(value: Any) -> list[str]:
    found = value if isinstance(value, list) else str(value).split(";")
    words = [str(word).strip() for word in found if word is not None]
    if not any(words):
        raise ValueError("it allows nothing")
    return words


READERS: Mapping[str, Callable[[Any], Any]] = {
    "type": _type,
    "min": _bound,
    "max": _bound,
    "range": _range,
    "pattern": lambda value: patterns.pattern(str(value)),
    "allowed": _words,
    "length": _length,
    "min_length": _count,
    "max_length": _count,
}
_EXAMPLES = {
    "type": "type:number", "min": "min:0", "max": "max:100", "range": "range:0..100",
    "pattern": "'pattern:^[A-Z]+$'", "allowed": "in:open;closed", "length": "length:2..40",
    "min_length": "min_length:2", "max_length": "max_length:40",
}  # fmt: skip


def _bad(reason: str, where: int | None, **details: object) -> BadArgument:
    place = {} if where is None else {"position": where}
    return refused("validate", "rules", reason, **place, **details)
