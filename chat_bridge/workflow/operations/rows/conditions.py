"""Conditions of a search: read from words or from JSON, into `{column, operator, value}`."""

from collections.abc import Mapping, Sequence
from typing import Any

from chat_bridge.errors import BadArgument, MissingArgument
from chat_bridge.workflow.arguments import brief, refused, truth
from chat_bridge.workflow.grammar import Term, Value
from chat_bridge.workflow.registry import Arguments, nearest

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "equals": ("=", "==", "eq", "equal", "is", "equal_to", "in"),
    "not_equals": ("!=", "<>", "ne", "neq", "not_equal", "is_not", "not_in", "isnt"),
    "contains": ("~", "like", "includes", "has"),
    "not_contains": ("!~", "notcontains", "does_not_contain", "excludes"),
    "starts_with": ("startswith", "begins_with"),
    "ends_with": ("endswith",),
    "is_empty": ("empty", "isempty", "is_blank", "blank", "is_null"),
    "is_not_empty": ("not_empty", "isnotempty", "is_not_blank", "not_blank", "is_not_null"),
    "greater_than": (">", "gt", "greater", "above", "over", "more_than"),
    "greater_than_or_equal": (">=", "gte", "ge", "at_least"),
    "less_than": ("<", "lt", "less", "below", "under"),
    "less_than_or_equal": ("<=", "lte", "le", "at_most"),
    "between": (),
    "before": ("earlier_than",),
    "after": ("later_than",),
}
OPERATORS = {word: name for name, words in SPELLINGS.items() for word in (name, *words)}
UNARY = frozenset({"is_empty", "is_not_empty"})
SIGNS = {name: words[0] for name, words in SPELLINGS.items() if words and len(words[0]) <= 2}
JOINS = {"and": "AND", "or": "OR"}
LONGEST_OPERATOR = 3


MOST_NESTED = 20


def gather(terms: Sequence[Term]) -> dict[str, Any]:
    """Typed conditions: `city=Berlin`, or words such as `joined after 2024-01-31`, joined by
    nothing, `and` or `or`; parentheses make a group, `(city=Berlin or city=Rome) amount>100`."""
    group, at = _group(terms, 0, depth=0)
    if at < len(terms):
        raise _bad("There is a ')' too many", terms[at].position)
    return group


def _group(terms: Sequence[Term], at: int, *, depth: int) -> tuple[dict[str, Any], int]:
    """What stands up to the end, or to the parenthesis that closes the group."""
    if depth > MOST_NESTED:
        raise _bad(f"Groups are nested more than {MOST_NESTED} deep", terms[at - 1].position)
    conditions: list[dict[str, Any]] = []
    joins: dict[str, int] = {}
    while at < len(terms) and _word(terms[at]) != ")":
        if (join := JOINS.get(_word(terms[at]))) and conditions:
            joins.setdefault(join, terms[at].position)
            at += 1
            continue
        condition, at = _member(terms, at, depth)
        conditions.append(condition)
    if len(joins) > 1:
        raise _bad(
            "Conditions are joined by 'and' or by 'or', not by both; put parentheses around what "
            "belongs together, as in (city=Berlin or city=Rome) amount>100",
            max(joins.values()),
        )
    return {"conditions": conditions, "logic": next(iter(joins), None)}, at


def _member(terms: Sequence[Term], at: int, depth: int) -> tuple[dict[str, Any], int]:
    if _word(terms[at]) != "(":
        return _condition(terms, at)
    group, after = _group(terms, at + 1, depth=depth + 1)
    if not group["conditions"]:
        raise _bad("There is nothing between the parentheses", terms[at].position)
    return {**group, "position": terms[at].position}, after + 1


def check(arguments: Arguments) -> Arguments:
    """Both vocabularies to one list of conditions with canonical operators."""
    given = arguments["conditions"]
    logic = arguments["logic"]
    if isinstance(given, Mapping) and is_group(given):
        logic = logic_of(given, logic)
        given = members(given)
    if arguments["match_all"] is not None:
        logic = "AND" if arguments["match_all"] else "OR"
    conditions = [checked(item) for item in _several(given, arguments)]
    if not conditions:
        raise MissingArgument(
            "At least one search condition is required, for example: /search city=Berlin",
            argument="conditions",
        )
    return {
        "conditions": conditions,
        "logic": logic,
        "day_first": arguments["day_first"],
        "output_format": arguments["output_format"],
        "output_filename": arguments["output_filename"],
    }


def is_group(item: Mapping[str, Any]) -> bool:
    return any(name in item for name in ("conditions", "any", "all"))


def members(group: Mapping[str, Any]) -> Any:
    return next(group[name] for name in ("conditions", "any", "all") if name in group)


def logic_of(group: Mapping[str, Any], default: str) -> str:
    """`logic` or `match_all`; `{"any": [...]}` and `{"all": [...]}` say it themselves."""
    if "conditions" not in group:
        return "OR" if "any" in group else "AND"
    if group.get("match_all") is not None:
        return "AND" if truth(group["match_all"]) else "OR"
    word = str(group.get("logic") or default).upper()
    if word not in JOINS.values():
        raise _bad("Logic must be either 'AND' or 'OR'", group.get("position"))
    return word


def leaves(conditions: Sequence[Mapping[str, Any]]) -> int:
    """How many conditions there are, in groups too."""
    return sum(leaves(c["conditions"]) if "conditions" in c else 1 for c in conditions)


def checked(item: Any, depth: int = 1) -> dict[str, Any]:
    """A condition, or a group of them."""
    if not isinstance(item, Mapping) or not is_group(item):
        return _checked_condition(item)
    found = members(item)
    if not isinstance(found, list) or not found or depth > MOST_NESTED:
        raise _bad(
            f"A group holds a list of conditions, at most {MOST_NESTED} deep", item.get("position")
        )
    inner = [checked(one, depth + 1) for one in found]
    return {"logic": logic_of(item, "AND"), "conditions": inner}


def _checked_condition(item: Any) -> dict[str, Any]:
    if not isinstance(item, Mapping) or not str(item.get("column") or "").strip():
        raise _bad("A condition names a column, an operator and a value", None)
    where = item.get("position")
    word = str(item.get("operator") or "equals").strip().lower().replace(" ", "_").replace("-", "_")
    operator = OPERATORS.get(word)
    if operator is None:
        close = nearest(word, OPERATORS)
        hint = f"; did you mean '{close}'?" if close else ""
        raise _bad(
            f"There is no operator '{brief(item.get('operator'))}'{hint}",
            where,
            nearest=close,
            value=item.get("operator"),
        )
    value = item.get("value")
    if value is None and operator in ("equals", "not_equals"):
        operator = "is_empty" if operator == "equals" else "is_not_empty"
    if operator in UNARY:
        return {"column": str(item["column"]), "operator": operator}
    operator, value = _operand(operator, value, where)
    return {"column": str(item["column"]), "operator": operator, "value": value}


def title(arguments: Arguments) -> str:
    return f"Keep rows where {_joined(arguments)}"


def _joined(group: Mapping[str, Any]) -> str:
    shown = (f"({_joined(c)})" if "conditions" in c else _told(c) for c in group["conditions"])
    return f" {group['logic'].lower()} ".join(shown)


def text_of(value: Any) -> str:
    """A JSON value as a cell would hold it: whole numbers without a point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _several(given: Any, arguments: Arguments) -> Sequence[Any]:
    if isinstance(given, Mapping):
        given = [given]
    if given is not None and not isinstance(given, list):
        raise _bad("Conditions are a list of {column, operator, value}", None)
    return [*(given or []), *_single(arguments)]


def _single(arguments: Arguments) -> Sequence[Mapping[str, Any]]:
    """`column= operator= value=`; alone, such a word can only be a column of that name."""
    names = ("column", "operator", "value")
    said = {name: arguments[name] for name in names if arguments.get(name) is not None}
    if "column" in said and len(said) > 1:
        value: list[str] = said.get("value", [])
        return [{"operator": "equals", **said, "value": value[0] if len(value) == 1 else value}]
    return [{"column": name, "operator": "equals", "value": value} for name, value in said.items()]


def _operand(operator: str, value: Any, where: int | None) -> tuple[str, Any]:
    values = value if isinstance(value, list) else [value]
    if any(item is None or isinstance(item, (list, dict)) for item in values):
        raise _bad(f"'{operator}' needs a value", where)
    texts = [text_of(item) for item in values]
    if operator == "between":
        if len(texts) != len(("from", "to")):
            raise _bad("For 'between' operator, value must be a list with [min, max]", where)
        return operator, texts
    if len(texts) > 1 and operator not in ("equals", "not_equals"):
        raise _bad(f"'{operator}' takes one value", where)
    return operator, texts if len(texts) > 1 else texts[0] if texts else ""


def _condition(terms: Sequence[Term], at: int) -> tuple[dict[str, Any], int]:
    term = terms[at]
    if term.key is not None:
        return _made(term.key, term.operator, term.values, term.position), at + 1
    column = term.values[0]
    operator, after = _operator(terms, at + 1)
    if len(term.values) > 1 or operator is None:
        raise _bad(
            f"After '{column.data}' comes an operator such as =, contains or between",
            term.position,
        )
    if operator in UNARY:
        return _made(column, operator, (), term.position), after
    values: list[Value] = []
    while after < len(terms) and len(values) < _arity(operator, values):
        if terms[after].key is not None or _word(terms[after]) in ("(", ")"):
            break
        if not (operator == "between" and values and _word(terms[after]) == "and"):
            values.extend(terms[after].values)
        after += 1
    if not values:
        raise _bad(f"A value is missing after '{operator}'", term.position)
    if operator == "between" and len(values) == 1 and not _range(values):
        shown = f"{column.data} between {values[0].data}"
        raise _bad(f"After 'between' come two values, as in {shown} and …", term.position)
    return _made(column, operator, values, term.position), after


def _arity(operator: str, values: Sequence[Value]) -> int:
    return 2 if operator == "between" and not _range(values) else 1


def _operator(terms: Sequence[Term], at: int) -> tuple[str | None, int]:
    """The longest run of bare words that names an operator."""
    for count in range(LONGEST_OPERATOR, 0, -1):
        words = [_word(term) for term in terms[at : at + count]]
        if len(words) == count and (name := OPERATORS.get("_".join(words))):
            return name, at + count
    return None, at


def _made(column: Value, operator: str, values: Sequence[Value], where: int) -> dict[str, Any]:
    bounds = _range(values)
    data: Any = bounds or [value.data for value in values]
    if bounds and operator == "=":
        operator = "between"
    if len(data) == 1:
        data = data[0]
    return {
        "column": str(column.data),
        "operator": operator,
        "value": data if values else None,
        "position": where,
    }


def _range(values: Sequence[Value]) -> list[str] | None:
    """`10..20`, unquoted, as its two ends."""
    if len(values) != 1 or values[0].quoted:
        return None
    low, dots, high = str(values[0].data).partition("..")
    return [low, high] if dots and low and high else None


def _word(term: Term) -> str:
    """The one unquoted word a term is made of."""
    if term.key is not None or len(term.values) != 1 or term.values[0].quoted:
        return ""
    return str(term.values[0].data).lower()


def _told(condition: Mapping[str, Any]) -> str:
    operator = str(condition["operator"])
    value = condition.get("value")
    sign = SIGNS.get(operator, operator.replace("_", " "))
    if operator in UNARY:
        return f"{condition['column']} {sign}"
    if operator == "between" and isinstance(value, list):
        return f"{condition['column']} is between {value[0]} and {value[1]}"
    shown = " or ".join(value) if isinstance(value, list) else value
    return f"{condition['column']} {'contains' if sign == '~' else sign} {shown}"


def _bad(reason: str, where: int | None, **details: object) -> BadArgument:
    place = {} if where is None else {"position": where}
    return refused("search", "conditions", reason, **place, **details)
