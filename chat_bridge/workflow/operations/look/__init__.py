"""Operations that answer questions about a table and leave it as it is."""

from typing import TYPE_CHECKING

from chat_bridge.workflow.arguments import refused
from chat_bridge.workflow.columns import resolve
from chat_bridge.workflow.operations.look.extraction import extracted
from chat_bridge.workflow.operations.look.findings import operators, summarised
from chat_bridge.workflow.operations.look.profile import described
from chat_bridge.workflow.registry import Argument, Arguments, operation, unchanged
from chat_bridge.workflow.tables.frames import About, Look

if TYPE_CHECKING:
    import polars as pl

MOST_VALUES = 1_000  # of one column in an answer; a file holds them all


def _info(frame: "pl.LazyFrame", _: Arguments, about: About) -> Look:
    return summarised(frame, about)


operation(
    "excel/info",
    commands=("info",),
    aliases=("csv/info",),
    summary="Say what is in the file: sheets, rows, columns and their types",
    help="Types are a guess from the first rows; nothing is converted by it.",
    arguments=(),
    examples=("/info", "/info sheet=Orders"),
    suffix="",
    gives="answer",
    group="Look",
    title=lambda _: "Look at the file",
    look=_info,
)(unchanged)


def _chosen(frame: "pl.LazyFrame", arguments: Arguments) -> list[str]:
    names = frame.collect_schema().names()
    return resolve(arguments["columns"] or names, names)


def _described(frame: "pl.LazyFrame", arguments: Arguments, _: About) -> Look:
    return described(frame, _chosen(frame, arguments))


operation(
    "describe",
    commands=("describe", "profile"),
    summary="Describe each column: type, blanks, distinct values, smallest, largest, most frequent",
    help=(
        "Smallest and largest are by number where a column holds numbers, by time where it holds "
        "dates, else by letters."
    ),
    arguments=(
        Argument(
            "columns", "columns", "The columns to describe; all by default.", bare=True,
        ),
    ),
    examples=("/describe", "/describe amount,city"),
    suffix="",
    gives="answer",
    group="Look",
    title=lambda arguments: f"Describe {', '.join(arguments['columns'] or ['every column'])}",
    look=_described,
)(unchanged)  # fmt: skip


def _check_values(arguments: Arguments) -> Arguments:
    if arguments["most_values"] < 0:
        raise refused("values", "most_values", "it is less than 0")
    return arguments


def _extracted(frame: "pl.LazyFrame", arguments: Arguments, _: About) -> Look:
    names = _chosen(frame, arguments)
    most = arguments["most_values"] or None
    return extracted(frame, {**arguments, "columns": names}, most=most)


operation(
    "excel/extract-columns",
    commands=("values", "extract-values"),
    summary="Answer with the values of columns and their statistics",
    help=(
        f"At most {MOST_VALUES:,} values of a column are in the answer, the statistics are of "
        "all; /extract makes a file of them."
    ),
    arguments=(
        Argument("columns", "columns", "The columns; all by default.", bare=True),
        Argument(
            "remove_duplicates",
            "boolean",
            "Each value of a column once.",
            aliases=("unique", "distinct"),
            default=False,
        ),
        Argument(
            "include_statistics",
            "boolean",
            "Count blanks and distinct values, and average numbers.",
            aliases=("statistics",),
            default=True,
        ),
        Argument(
            "most_values",
            "integer",
            "How many values of a column the answer holds; 0 is all.",
            aliases=("most",),
            default=MOST_VALUES,
        ),
        Argument("output_filename", "text", "Accepted; there is no file.", aliases=("output",)),
    ),
    examples=("/values amount", "/values city unique"),
    suffix="",
    gives="answer",
    group="Look",
    check=_check_values,
    title=lambda arguments: f"Values of {', '.join(arguments['columns'] or ['every column'])}",
    look=_extracted,
)(unchanged)


def _suggested(frame: "pl.LazyFrame", arguments: Arguments, _: About) -> Look:
    return operators(frame, _chosen(frame, arguments))


operation(
    "excel/search/suggest-operators",
    commands=("operators", "suggest-operators"),
    aliases=("csv/search/suggest-operators",),
    summary="Say which search operators fit each column",
    help="By the type a column seems to have: numbers compare, dates come before and after.",
    arguments=(Argument("columns", "columns", "The columns; all by default.", bare=True),),
    examples=("/operators", "/operators amount,joined"),
    suffix="",
    gives="answer",
    group="Look",
    title=lambda _: "Suggest search operators",
    look=_suggested,
)(unchanged)
