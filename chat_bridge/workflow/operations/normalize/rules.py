"""Rules of a normalisation: read from words or JSON into one canonical list."""

from collections.abc import Mapping, Sequence
from typing import Any

from chat_bridge.errors import BadArgument, MissingArgument
from chat_bridge.workflow.arguments import brief, refused
from chat_bridge.workflow.grammar import Term
from chat_bridge.workflow.operations.normalize.kinds import KINDS, SPELLINGS, Kind, Parameter
from chat_bridge.workflow.operations.normalize.parameters import read
from chat_bridge.workflow.patterns import Unusable
from chat_bridge.workflow.registry import Arguments, nearest

ELSEWHERE = {
    "remove_duplicates": "rows are not a column's business; use /dedupe by=…",
    "custom_function": "there are no custom functions",
    "categorical_mapping": "mapping categories is not offered",
}
NAMES = ("column_name", "column")
TYPE_NAMES = ("normalization_type", "type", "operation", "rule")


def gather(terms: Sequence[Term]) -> list[dict[str, Any]]:
    """`email=email_format name=trim,title_case`, column by column."""
    rules: list[dict[str, Any]] = []
    for term in terms:
        if term.key is None or term.operator != "=":
            shown = (term.key or term.values[0]).data
            raise _bad(f"Write '{shown}=rule' to say what becomes of a column", term.position)
        rules += (
            {"column": term.key.data, "type": value.data, "position": value.position}
            for value in term.values
        )
    return rules


def check(arguments: Arguments) -> Arguments:
    """Every rule known, every parameter of the right type, defaults filled in."""
    shared = {name: arguments[name] for name in _PARAMETERS if arguments.get(name) is not None}
    backup = bool(arguments["backup_original"])
    rules = []
    for item in _given(arguments):
        try:
            rules.append(_checked(item, shared, backup=backup, strict=_is_strict(arguments)))
        except BadArgument as error:
            if _is_strict(arguments):
                raise
            rules.append(_failed(item, error))
    if not rules:
        raise MissingArgument(
            "At least one rule is required, for example: /normalize email=email_format",
            argument="normalizations",
        )
    unused = set(shared).difference(*(rule["parameters"] for rule in rules))
    if unused:
        name = min(unused)
        raise refused("normalize", name, "none of these rules takes it")
    return {
        "normalizations": rules,
        "return_report": arguments["return_report"],
        "strict": arguments["strict"],
        "output_filename": arguments["output_filename"],
    }


def _is_strict(arguments: Arguments) -> bool:
    return bool(arguments["strict"] and not arguments["return_report"])


def _failed(item: Any, error: BadArgument) -> dict[str, Any]:
    """A rule that cannot be, as a report tells it."""
    column, kind = _first(item, NAMES) or "", _first(item, TYPE_NAMES) or ""
    reason = f"{error.details.get('reason') or error.message}".rstrip(".")
    if "value" in error.details:
        reason = f"Invalid normalization type: '{kind}'" if kind else "A rule names its type"
        near = error.details.get("nearest") if kind else None
        reason += f"; did you mean '{near}'?" if near else ""
    parameters = item.get("parameters") if isinstance(item, Mapping) else None
    return {
        "column_name": str(column),
        "normalization_type": str(kind),
        "parameters": parameters or {},
        "error": f"Error normalizing '{column}': {reason}{'' if reason.endswith('?') else '.'}",
    }


def title(arguments: Arguments) -> str:
    columns = dict.fromkeys(rule["column_name"] for rule in arguments["normalizations"])
    shown = ", ".join(list(columns)[:4])
    return f"Normalize {shown}" + (f" and {len(columns) - 4} more" if len(columns) > 4 else "")


def kind_of(name: Any, where: int | None) -> Kind:
    word = str(name).strip().lower().replace("-", "_").replace(" ", "_")
    word = SPELLINGS.get(word, word)
    if word in KINDS:
        return KINDS[word]
    if word in ELSEWHERE:
        raise _bad(f"'{name}' does not exist here: {ELSEWHERE[word]}", where)
    close = nearest(word, [*KINDS, *SPELLINGS])
    hint = f"did you mean '{close}'?" if close else f"the rules are {', '.join(KINDS)}"
    raise _bad(f"There is no rule '{name}'; {hint}", where, nearest=close, value=str(name))


def _given(arguments: Arguments) -> Sequence[Any]:
    given = arguments.get("normalizations")
    items = given if isinstance(given, list) else [] if given is None else [given]
    if any(not isinstance(item, Mapping) or not _is_rule(item) for item in items):
        shown = '[{"column_name": "email", "normalization_type": "lowercase"}]'
        raise _bad(f"Rules are a list of objects, such as {shown}", None)
    column, rule = arguments["column"], arguments["type"]
    single = []
    if column and rule:
        single = [{"column": column, "type": rule}]
    elif rule or column:
        # `/normalize type=upper` can only mean a column of that name.
        single = [{"column": "type" if rule else "column", "type": rule or column}]
    return [*items, *single, *_parallel(arguments)]


def _is_rule(item: Mapping[str, Any]) -> bool:
    return any(name in item for name in (*NAMES, *TYPE_NAMES))


def _parallel(arguments: Arguments) -> list[dict[str, Any]]:
    """One rule a column; or one column, or one rule, for all of the others."""
    columns, rules = arguments["columns"] or [], arguments["operations"] or []
    if len(columns) == 1:
        columns = columns * len(rules)
    elif len(rules) == 1:
        rules = rules * len(columns)
    if len(columns) != len(rules):
        raise refused("normalize", "operations", "as many rules as columns are needed, or one")
    return [{"column": one, "type": rule} for one, rule in zip(columns, rules, strict=True)]


def _checked(item: Any, shared: Mapping[str, Any], *, backup: bool, strict: bool) -> dict[str, Any]:
    where = item.get("position") if isinstance(item, Mapping) else None
    column = _first(item, NAMES)
    if not isinstance(column, str) or not column.strip():
        raise _bad("A rule names a column and a type", where)
    kind = kind_of(_first(item, TYPE_NAMES), where)
    own = item.get("parameters") or {}
    if not isinstance(own, Mapping):
        raise _bad("A rule's parameters are an object", where)
    names = {spelling: p.name for p in kind.parameters for spelling in (p.name, *p.aliases)}
    given = {names[name]: value for name, value in {**shared, **own}.items() if name in names}
    told = {} if strict else _forgiven(kind, given)
    if strange := [name for name in own if name not in names]:
        raise _bad(f"'{kind.name}' has no parameter '{strange[0]}'", where)
    return {
        "column_name": column,
        "normalization_type": kind.name,
        "parameters": {p.name: _parameter(kind, p, given.get(p.name)) for p in kind.parameters},
        "backup_original": backup or item.get("backup_original") is True,
        **told,
    }


def _forgiven(kind: Kind, given: dict[str, Any]) -> dict[str, str]:
    """An unknown choice is the default one, as the founding system has it, and told."""
    for parameter in kind.parameters:
        said = given.get(parameter.name)
        if parameter.type != "choice" or said is None:
            continue
        if str(said).strip().lower() not in parameter.choices:
            del given[parameter.name]
            known = ", ".join(parameter.choices)
            return {
                "remark": f"'{brief(said)}' is no {parameter.name} of {kind.name} ({known}); "
                f"it was taken as '{parameter.default}'."
            }
    return {}


def _parameter(kind: Kind, parameter: Parameter, value: Any) -> Any:
    try:
        return read(parameter, value)
    except Unusable as wrong:
        raise refused("normalize", parameter.name, f"{wrong} ({kind.name})") from None


def _first(item: Any, names: Sequence[str]) -> Any:
    if not isinstance(item, Mapping):
        return None
    return next((item[name] for name in names if item.get(name) is not None), None)


def _bad(reason: str, where: int | None, **details: object) -> BadArgument:
    place = {} if where is None else {"position": where}
    return refused("normalize", "normalizations", reason, **place, **details)


_PARAMETERS = {p.name for kind in KINDS.values() for p in kind.parameters}
