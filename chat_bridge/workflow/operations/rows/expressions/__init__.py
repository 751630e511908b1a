"""Keeping rows by an expression over columns."""

from typing import TYPE_CHECKING

from chat_bridge.workflow.operations.rows.expressions.compiling import Compiler
from chat_bridge.workflow.operations.rows.expressions.reading import parse
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, operation

if TYPE_CHECKING:
    import polars as pl


def _check(arguments: Arguments) -> Arguments:
    parse(arguments["expression"])
    return arguments


@operation(
    "filter",
    commands=("filter", "where"),
    summary="Keep the rows for which an expression is true",
    help=(
        "Compare columns with values, with one another and with what is calculated from them: "
        "`= != > >= < <= ~`, and, or, not, parentheses, in (…), contains, starts with, ends with, "
        "between … and …, before, after, is blank, is not blank, + - * / %, and the functions "
        "length, lower, upper, trim, abs, round, year, month, day. `=` compares texts, as in "
        "/search; what is calculated is a number. Put a column in brackets when its name has "
        "spaces or signs: `[Unit price] * qty > 100`; a word that is no column is a text."
    ),
    arguments=(
        Argument(
            "expression",
            "text",
            "What must be true of a row.",
            aliases=("where", "condition"),
            required=True,
            verbatim=True,
        ),
        Argument("day_first", "boolean", "Read 04/03/2024 as 4 March.", default=False),
        OUTPUT_NAME,
    ),
    examples=(
        "/filter amount * 1.19 > 100 and city in (Berlin, Paris)",
        "/filter not (email contains '@' or phone is blank)",
        "/filter length(name) > 3 and year(joined) >= 2024",
    ),
    suffix="filtered",
    title=lambda arguments: f"Keep rows where {arguments['expression']}",
    check=_check,
    dropped=("row left out", "rows left out"),
)
def keep(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    compiler = Compiler(frame.collect_schema(), bool(arguments["day_first"]))
    return frame.filter(compiler.truth(parse(arguments["expression"])))
