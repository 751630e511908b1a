"""Holding a table to rules: how many rows break which, and a file of them."""

from typing import TYPE_CHECKING, Any

from chat_bridge.workflow.markdown import table
from chat_bridge.workflow.operations.validation import rules
from chat_bridge.workflow.operations.validation.checks import broken, problems
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, operation
from chat_bridge.workflow.tables.frames import About, Look

if TYPE_CHECKING:
    import polars as pl

SHOWN_ROWS = 20  # row numbers of one rule in the answer
_ROW, _PROBLEMS = "row", "problems"
_HEADER = 1


def _numbered(names: list[str]) -> tuple[str, str]:
    """Names for the two new columns that no column has."""
    found = []
    for wanted in (_ROW, _PROBLEMS):
        while wanted in names:
            wanted = f"_{wanted}"
        found.append(wanted)
    return found[0], found[1]


def _report(frame: "pl.LazyFrame", arguments: Arguments, _: About) -> Look:
    """Counts and row numbers as a spreadsheet shows them: the header is row 1."""
    import polars as pl

    failing = broken(arguments["rules"], frame.collect_schema())
    index = pl.int_range(pl.len(), dtype=pl.Int64) + _HEADER + 1
    found = frame.select(
        pl.len().alias("rows"),
        pl.any_horizontal(failing).sum().alias("bad"),
        *(fails.sum().alias(f"count{at}") for at, fails in enumerate(failing)),
        *(
            index.filter(fails).head(SHOWN_ROWS).implode().alias(f"rows{at}")
            for at, fails in enumerate(failing)
        ),
    ).collect()
    told = found.row(0, named=True)
    checks: list[dict[str, Any]] = [
        {
            "column": rule["column"],
            "rule": rule["rule"],
            "value": rule["value"],
            "problem": rules.told(rule),
            "count": told[f"count{at}"] or 0,
            "rows": list(told[f"rows{at}"] or ()),
        }
        for at, rule in enumerate(arguments["rules"])
    ]
    bad = told["bad"] or 0
    report = {
        "valid": not bad, "total_rows": told["rows"], "bad_rows": bad,
        "good_rows": told["rows"] - bad, "checks": checks,
    }  # fmt: skip
    return Look({"validation": report}, _shown(report))


def _shown(report: dict[str, Any]) -> str:
    if report["valid"]:
        return f"All {report['total_rows']:,} rows keep the rules."
    lines = [f"{report['bad_rows']:,} of {report['total_rows']:,} rows break a rule.", ""]
    rows = [
        [check["column"], check["problem"], check["count"], _rows(check)]
        for check in report["checks"]
        if check["count"]
    ]
    return "\n".join([*lines, *table(["Column", "Problem", "Cells", "Rows"], rows)])


def _rows(check: dict[str, Any]) -> str:
    some = ", ".join(f"{row}" for row in check["rows"][:8])
    return some + (" …" if check["count"] > len(check["rows"][:8]) else "")


@operation(
    "validate",
    commands=("validate", "check"),
    summary="Check columns against rules, and list the rows that break them",
    help=(
        "Write `column=rule`, several with commas: required, unique, number, integer, date, "
        "email, boolean, `min:0`, `max:100`, `range:0..100` (numbers or dates), `length:2..40`, "
        "`in:open;closed`, `'pattern:^[A-Z]{2}$'`. Blank cells break only `required`. The result "
        "holds the rows that break a rule, with their row number (the header is row 1) and what "
        "is wrong."
    ),
    arguments=(
        Argument(
            "rules",
            "rules",
            "Which column must be what.",
            aliases=("validations", "schema"),
            required=True,
            gather=rules.gather,
        ),
        Argument(
            "keep",
            "choice",
            "Which rows the result holds.",
            aliases=("rows",),
            default="bad",
            choices=("bad", "good", "all"),
        ),
        OUTPUT_NAME,
    ),
    examples=(
        "/validate email=required,unique,email amount=number,range:0..500",
        "/validate status=in:open;closed code='pattern:^[A-Z]{2}[0-9]+$' keep=all",
    ),
    suffix="validated",
    group="Look",
    title=rules.title,
    check=rules.check,
    look=_report,
    dropped=("row not listed", "rows not listed"),
    drops=lambda arguments: arguments["keep"] != "all",
)
def validate(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    import polars as pl

    schema = frame.collect_schema()
    failing = broken(arguments["rules"], schema)
    if arguments["keep"] == "good":
        return frame.filter(~pl.any_horizontal(failing))
    row, said = _numbered(schema.names())
    numbered = frame.with_columns(problems(arguments["rules"], failing).alias("\x00said"))
    told = numbered.with_row_index(f"\x00{row}", offset=_HEADER + 1).select(
        pl.col(f"\x00{row}").cast(pl.Int64).alias(row),
        pl.col("\x00said").alias(said),
        pl.exclude(f"\x00{row}", "\x00said"),
    )
    return told if arguments["keep"] == "all" else told.filter(pl.col(said).is_not_null())
