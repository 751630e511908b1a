"""Operations that change the kind of file."""

from typing import TYPE_CHECKING

from chat_bridge.errors import BadSheetName
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, Target, operation
from chat_bridge.workflow.tables.writing_xlsx import check_sheet_name

if TYPE_CHECKING:
    import polars as pl


def _check(arguments: Arguments) -> Arguments:
    """A sheet name Excel accepts."""
    name = (arguments["sheet_name"] or "").strip() or "Sheet1"
    try:
        check_sheet_name(name)
    except BadSheetName as error:
        error.details["argument"] = "sheet_name"
        raise
    return {**arguments, "sheet_name": name}


@operation(
    "csv/convert-to-excel",
    commands=("to-xlsx", "to-excel", "convert"),
    summary="Save the table as an Excel workbook",
    help="Every cell stays text, so leading zeros and long numbers survive.",
    arguments=(
        Argument("sheet_name", "text", "The name of the sheet in the result.", default="Sheet1"),
        OUTPUT_NAME,
    ),
    examples=("/to-xlsx", "/convert sheet_name=Customers"),
    suffix="converted",
    group="Convert and export",
    gives="xlsx",
    title=lambda _: "Convert to a workbook",
    check=_check,
    target=lambda arguments: Target("xlsx", arguments["sheet_name"]),
)
def convert_to_excel(frame: "pl.LazyFrame", _: Arguments) -> "pl.LazyFrame":
    return frame


@operation(
    "excel/convert-to-csv",
    commands=("to-csv",),
    summary="Save the table as a CSV file",
    help="UTF-8 with commas; of a workbook the first sheet is taken, or the one named by sheet=.",
    arguments=(OUTPUT_NAME,),
    examples=("/to-csv", "/to-csv sheet=Orders"),
    suffix="converted",
    group="Convert and export",
    gives="csv",
    title=lambda _: "Convert to CSV",
    target=lambda _: Target("csv"),
)
def convert_to_csv(frame: "pl.LazyFrame", _: Arguments) -> "pl.LazyFrame":
    return frame
