"""What a normalisation did to each column, rule by rule, in the words of the founding system."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chat_bridge.errors import BadArgument
from chat_bridge.workflow import values
from chat_bridge.workflow.columns import match, resolve_one
from chat_bridge.workflow.markdown import table
from chat_bridge.workflow.operations.normalize.apply import normalized
from chat_bridge.workflow.patterns import replacement, tried
from chat_bridge.workflow.registry import Arguments
from chat_bridge.workflow.tables.frames import Look
from chat_bridge.workflow.tally import COUNT

if TYPE_CHECKING:
    import polars as pl

Rule = Mapping[str, Any]


def possible(frame: "pl.LazyFrame", arguments: Arguments) -> tuple[list[Rule], list[str]]:
    """The rules to apply, and the columns that are not there; not all of those are forgiven."""
    rules: Sequence[Rule] = arguments["normalizations"]
    if not forgives(arguments):
        return list(rules), []
    return _possible(rules, frame.collect_schema().names())


def forgives(arguments: Arguments) -> bool:
    return bool(arguments["return_report"] or not arguments["strict"])


def forgiven(arguments: Arguments, names: Sequence[str]) -> list[str]:
    """What was left out, in sentences, where no report says it."""
    if arguments["return_report"] or arguments["strict"]:
        return []
    rules: Sequence[Rule] = arguments["normalizations"]
    _, missing = _possible(rules, names)
    return [
        *_errors(rules),
        *(f"Column '{name}' not found" for name in missing),
        *_remarks(rules),
    ]


def _possible(rules: Sequence[Rule], names: Sequence[str]) -> tuple[list[Rule], list[str]]:
    sound = [rule for rule in rules if _error(rule) is None]
    there = [rule for rule in sound if match(rule["column_name"], names) is not None]
    return there, [rule["column_name"] for rule in sound if rule not in there]


def _errors(rules: Sequence[Rule]) -> list[str]:
    return [error for rule in rules if (error := _error(rule)) is not None]


def _remarks(rules: Sequence[Rule]) -> list[str]:
    return [rule["remark"] for rule in rules if "remark" in rule]


def _error(rule: Rule) -> str | None:
    """Found when the rule was read, or by the engine in its pattern."""
    if "error" in rule or not rule["parameters"].get("pattern"):
        return rule.get("error")
    try:
        tried(rule["parameters"]["pattern"], replacement(rule["parameters"]["replacement"]))
    except BadArgument as error:
        return f"Error normalizing '{rule['column_name']}': {error.message}"
    return None


def reported(frame: "pl.LazyFrame", arguments: Arguments) -> Look:
    """Reads every column again, so only for who asks."""
    started = _now()
    rules, missing = possible(frame, arguments)
    processed, rows = _processed(frame, rules)
    errors = _errors(arguments["normalizations"])
    report = {
        "started_at": started,
        "completed_at": started,
        "success": not errors,
        "total_rows": rows,
        "requested_normalizations": [
            {
                "column": rule["column_name"],
                "type": rule["normalization_type"],
                "parameters": rule["parameters"],
            }
            for rule in arguments["normalizations"]
        ],
        "columns_processed": processed,
        "errors": [{"message": error, "timestamp": started} for error in errors],
        "warnings": [
            {"message": message, "timestamp": started}
            for message in (
                *(f"Column '{name}' not found" for name in missing),
                *_remarks(arguments["normalizations"]),
            )
        ],
    }
    return Look({"report": report}, _shown(report))


def concluded(facts: dict[str, Any]) -> dict[str, Any]:
    """Complete once all rows were written."""
    if "report" in facts:
        facts["report"] = {**facts["report"], "completed_at": _now()}
    return facts


def _processed(frame: "pl.LazyFrame", rules: Sequence[Rule]) -> tuple[list[dict[str, Any]], int]:
    """Column by column, each read once: a rule reads no other column than its own."""
    import polars as pl

    names = frame.collect_schema().names()
    columns = [resolve_one(rule["column_name"], names) for rule in rules]
    told: dict[int, dict[str, Any]] = {}
    for name in dict.fromkeys(columns):
        cells = frame.select(values.column(name)).collect(engine="streaming")
        before = _stats(cells.lazy(), name)
        for at, rule in enumerate(rules):
            if columns[at] != name:
                continue
            cells = _applied(cells, rule)
            after = _stats(cells.lazy(), name)
            told[at] = _entry(name, rule, before, after)
            before = after
    rows = int(frame.select(pl.len()).collect(engine="streaming").item())
    return [told[at] for at in range(len(rules))], rows


def _applied(cells: "pl.DataFrame", rule: Rule) -> "pl.DataFrame":
    cleaned = normalized(cells.lazy(), [{**rule, "backup_original": False}])
    kept = [one for one in cleaned.collect_schema() if not one.startswith(COUNT)]
    return cleaned.select(map(values.column, kept)).collect(engine="streaming")


def _entry(
    name: str, rule: Rule, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "column_name": name,
        "normalization_type": rule["normalization_type"],
        "parameters": rule["parameters"],
        "before_stats": before,
        "after_stats": after,
        "success": True,
    }


def _stats(frame: "pl.LazyFrame", name: str) -> dict[str, Any]:
    import polars as pl

    cell = values.column(name)
    dtype = frame.collect_schema()[name]
    told = frame.select(
        pl.len().alias("total_values"),
        cell.null_count().cast(pl.Int64).alias("null_count"),
        cell.drop_nulls().n_unique().alias("unique_count"),
    ).collect(engine="streaming")
    kind = "number" if dtype.is_numeric() else "boolean" if dtype == pl.Boolean else "text"
    return {**told.row(0, named=True), "data_type": kind}


def _shown(report: Mapping[str, Any]) -> str:
    heads = ["Column", "Rule", "Blank before", "after", "Distinct before", "after"]
    rows = [
        [
            one["column_name"], one["normalization_type"],
            one["before_stats"]["null_count"], one["after_stats"]["null_count"],
            one["before_stats"]["unique_count"], one["after_stats"]["unique_count"],
        ]
        for one in report["columns_processed"]
    ]  # fmt: skip
    problems = [f"- {entry['message']}" for entry in (*report["errors"], *report["warnings"])]
    return "\n".join([*table(heads, rows), *(["", *problems] if problems else [])])


def _now() -> str:
    return datetime.now(UTC).isoformat()
