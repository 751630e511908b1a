"""Operations that choose rows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from chat_bridge.workflow import values
from chat_bridge.workflow.columns import resolve
from chat_bridge.workflow.operations.rows import conditions, expressions, records
from chat_bridge.workflow.operations.rows.conditions import gather
from chat_bridge.workflow.operations.rows.predicates import matching
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, Target, operation

if TYPE_CHECKING:
    import polars as pl

__all__ = ["deduplicate", "expressions", "search"]


def _becomes(arguments: Arguments) -> Target | None:
    kind = arguments["output_format"]
    return Target(kind) if kind and kind != "json" else None


def _stated(arguments: Arguments) -> Mapping[str, Any]:
    return {"conditions_applied": conditions.leaves(arguments["conditions"])}


@operation(
    "excel/search",
    commands=("search", "find"),
    aliases=("csv/search",),
    summary="Keep the rows that meet conditions",
    help=(
        "Symbols: = != > >= < <= ~ (contains) !~. Words: contains, starts_with, ends_with, "
        "before, after, between, is_empty, is_not_empty. `city=Berlin,Paris` means either. "
        "Parentheses group: `(city=Berlin or city=Paris) amount>100`; as JSON a group is "
        '`{"logic": "OR", "conditions": [...]}` in the place of a condition. Put a '
        "column in quotes when its name has spaces or is also the name of an argument."
    ),
    arguments=(
        Argument(
            "conditions",
            "conditions",
            "What a row must be like: column, operator, value.",
            required=True,
            gather=gather,
        ),
        Argument(
            "logic",
            "choice",
            "Whether all conditions must hold (AND) or any of them (OR).",
            default="AND",
            choices=("AND", "OR"),
            spellings={"all": "and", "any": "or"},
            refusal="Logic must be either 'AND' or 'OR'",
        ),
        Argument("match_all", "boolean", "The same as logic: yes is AND, no is OR."),
        Argument("column", "text", "The column of a single condition."),
        Argument("operator", "text", "The operator of a single condition."),
        Argument("value", "list", "The value of a single condition."),
        Argument(
            "day_first",
            "boolean",
            "Read 04/03/2024 as 4 March.",
            default=False,
        ),
        Argument(
            "output_format",
            "choice",
            "The kind of file; by default as it came.",
            choices=("xlsx", "csv", "json"),
            spellings={"excel": "xlsx"},
        ),
        OUTPUT_NAME,
    ),
    examples=(
        "/search city=Berlin amount>100",
        "/search name~ann or notes is_empty",
        "/search amount between 10..20 joined after 2024-01-31",
        "/search (city=Berlin or city=Paris) amount>100",
    ),
    suffix="search",
    title=conditions.title,
    check=conditions.check,
    target=_becomes,
    states=_stated,
    compose=records.compose,
    composes=lambda arguments: arguments["output_format"] == "json",
    dropped=("row left out", "rows left out"),
    info_sheet=False,
)
def search(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    return frame.filter(matching(arguments, frame.collect_schema()))


def _plural(column: str) -> str:
    plain = column.isalpha() and not column.endswith("s")
    return f"{column}s" if plain else f"'{column}'"


def _dedupe_title(arguments: Arguments) -> str:
    by = arguments["columns"] or []
    kept = ", keep the last" if arguments["keep"] == "last" else ""
    if not by:
        return f"Drop duplicate rows{kept}"
    if len(by) == 1:
        return f"Drop duplicate {_plural(by[0])}{kept}"
    return f"Drop rows repeated in {', '.join(by)}{kept}"


@operation(
    "deduplicate",
    commands=("dedupe", "unique", "remove-duplicates"),
    summary="Drop repeated rows",
    help=(
        "Rows are the same when the columns in `by` are (all columns by default); a blank cell "
        "equals a blank cell. Order is kept."
    ),
    arguments=(
        Argument(
            "columns",
            "columns",
            "The columns that must differ; all by default.",
            aliases=("by", "on", "subset"),
            bare=True,
        ),
        Argument(
            "keep",
            "choice",
            "Which of the repeated rows stays.",
            default="first",
            choices=("first", "last"),
        ),
        OUTPUT_NAME,
    ),
    examples=("/dedupe by=email", "/dedupe by=name,city keep=last", "/dedupe"),
    suffix="deduplicated",
    group="Clean",
    title=_dedupe_title,
    dropped=("duplicate removed", "duplicates removed"),
)
def deduplicate(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    names = frame.collect_schema().names()
    by = resolve(arguments["columns"] or names, names)
    keep: Literal["first", "last"] = arguments["keep"]
    return frame.unique(subset=[values.column(name) for name in by], keep=keep, maintain_order=True)
