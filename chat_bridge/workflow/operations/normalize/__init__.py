"""Cleaning columns by rules: `/normalize email=email_format joined=date_format`."""

from typing import TYPE_CHECKING

from chat_bridge.workflow.operations.normalize import report, rules
from chat_bridge.workflow.operations.normalize.apply import normalized
from chat_bridge.workflow.operations.normalize.kinds import KINDS
from chat_bridge.workflow.registry import OUTPUT_NAME, Argument, Arguments, operation

if TYPE_CHECKING:
    import polars as pl

TYPES = {name: kind.summary for name, kind in KINDS.items()}


def _parameters() -> tuple[Argument, ...]:
    found = {p.name: p for kind in KINDS.values() for p in kind.parameters}
    return tuple(
        Argument(p.name, p.type, p.help, aliases=p.aliases, choices=p.choices)
        for p in found.values()
    )


@operation(
    "normalization/apply",
    commands=("normalize", "normalise", "clean"),
    summary="Clean columns: e-mails, names, dates, phones, numbers …",
    help=(
        "Write `column=rule`, several rules with commas (`name=trim,title_case`). Rules: "
        f"{', '.join(KINDS)}. Short names such as email, phone, date, trim and upper work too. "
        "Put a column in quotes when its name has spaces or is also the name of an argument."
    ),
    arguments=(
        Argument(
            "normalizations",
            "rules",
            "Which rule cleans which column.",
            aliases=("rules",),
            required=True,
            gather=rules.gather,
        ),
        Argument("column", "text", "The column of a single rule.", aliases=("column_name",)),
        Argument("type", "text", "The single rule.", aliases=("normalization_type", "rule")),
        Argument("columns", "columns", "Several columns, for the rules in operations."),
        Argument("operations", "list", "A rule for each of the columns, or one for all."),
        *_parameters(),
        Argument(
            "backup_original",
            "boolean",
            "Keep what was there before in a column `…_original`.",
            aliases=("backup",),
            default=False,
        ),
        Argument(
            "return_report",
            "boolean",
            "Answer with a report; a rule or a column that is not there is in it, not refused.",
            aliases=("report",),
            default=False,
        ),
        Argument(
            "strict",
            "boolean",
            "No forgives such a rule without a report too, and warns of it.",
            default=True,
        ),
        OUTPUT_NAME,
    ),
    examples=(
        "/normalize email=email_format name=title_case joined=date_format",
        "/normalize price=currency phone=phone",
        "/normalize column=price type=round_decimal decimals=1",
    ),
    suffix="normalized",
    group="Clean",
    title=rules.title,
    check=rules.check,
    remark=report.forgiven,
    look=lambda frame, arguments, _: report.reported(frame, arguments),
    looks=lambda arguments: bool(arguments["return_report"]),
    conclude=report.concluded,
)
def normalize(frame: "pl.LazyFrame", arguments: Arguments) -> "pl.LazyFrame":
    rules, _ = report.possible(frame, arguments)
    return normalized(frame, rules) if rules else frame
