"""A whole plan as one lazy frame, streamed into one file. Called in the child process."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chat_bridge.errors import CommandError, JobFailed
from chat_bridge.model import Output, Progress, Run, RunResult, Step, StepCount
from chat_bridge.workflow import outcome, registry
from chat_bridge.workflow.progress import Watch
from chat_bridge.workflow.registry import Operation, Target
from chat_bridge.workflow.tables import reading, writing
from chat_bridge.workflow.tables.frames import Table
from chat_bridge.workflow.tally import COUNT, Tally, counted
from chat_bridge.workflow.values import as_text

if TYPE_CHECKING:
    import polars as pl

Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Fused:
    """The plan over a table: `source` counts what goes in, `tallies` what leaves each step."""

    frame: "pl.LazyFrame"
    target: Target
    operations: tuple[Operation, ...]
    source: Tally | None
    tallies: tuple[Tally | None, ...]


def execute(run: Run, report: Report) -> RunResult:
    """Opens, transforms and writes; unknown columns are refused before anything is written."""
    plan = run.plan
    watch = Watch(report, steps=len(plan.steps))
    with TemporaryDirectory(prefix=".running-", dir=run.output_dir) as folder:
        table = reading.open_table(run.source, plan.sheet, run.limits, Path(folder))
        fused = fuse(table, plan.steps)
        watch.opened(table, fused.source, fused.tallies)
        kind = fused.target.kind
        name = outcome.file_name(run.source.name, plan, fused.operations, kind)
        unfinished = Path(folder) / "result"
        written = _write(fused, unfinished, name, watch)
        counts = _counts(table, fused)
        _check_complete(table, fused, counts, written.rows)
        path = unfinished.rename(run.output_dir / f".{uuid4().hex}.{kind}")
    watch.finished(counts)
    return RunResult(
        summary=outcome.summary(fused.operations, counts),
        outputs=(
            Output(
                path=path,
                name=name,
                content_type=writing.CONTENT_TYPES[kind],
                rows=written.rows,
                columns=written.columns,
                preview=written.preview,
            ),
        ),
        steps=counts,
        warnings=(
            *outcome.misunderstood(plan, table.kind),
            *outcome.warnings(fused.tallies),
            *written.warnings,
        ),
        data=_facts(table, written.rows),
    )


def fuse(table: Table, steps: Sequence[Step]) -> Fused:
    """Every step on top of the one before; nothing is read yet."""
    operations = tuple(registry.find(step.operation) for step in steps)
    target = Target(table.kind, table.sheet if table.kind == "xlsx" else None)
    frame, source = table.frame, None
    tallies: list[Tally | None] = []
    for index, (operation, step) in enumerate(zip(operations, steps, strict=True)):
        drops = bool(operation.dropped) and operation.drops(step.arguments)
        if drops and source is None:
            source = Tally()
            frame = counted(frame, source)
        frame = _applied(operation, step.arguments, frame, index)
        tally = Tally() if drops or _counts_cells(frame) else None
        tallies.append(tally)
        frame = counted(frame, tally) if tally else frame
        target = operation.target(step.arguments) or target
    return Fused(frame, target, operations, source, tuple(tallies))


def _applied(
    operation: Operation, arguments: Mapping[str, Any], frame: "pl.LazyFrame", index: int
) -> "pl.LazyFrame":
    try:
        return operation.apply(frame, arguments)
    except CommandError as error:
        error.details.setdefault("command", operation.command)
        error.details.setdefault("step", index)
        raise


def _counts_cells(frame: "pl.LazyFrame") -> bool:
    return any(name.startswith(COUNT) for name in frame.collect_schema().names())


def _write(fused: Fused, path: Path, name: str, watch: Watch) -> writing.Written:
    target = fused.target
    return writing.write(
        as_text(fused.frame),
        path,
        kind="csv" if target.kind == "csv" else "xlsx",
        sheet=target.sheet or "Sheet1",
        info_name=name if fused.operations[-1].info_sheet else None,
        on_rows=watch.wrote,
    )


def _counts(table: Table, fused: Fused) -> tuple[StepCount, ...]:
    """Rows before and after each step; a step without a tally passes all its rows on."""
    rows = table.rows
    counts = []
    for tally in fused.tallies:
        after = tally.rows if tally else rows
        counts.append(StepCount(rows, after, tally.changed if tally else None))
        rows = after
    return tuple(counts)


def _check_complete(table: Table, fused: Fused, counts: Sequence[StepCount], written: int) -> None:
    """A panic inside the engine ends a stream as if it were complete; the counts give it away."""
    went_in = fused.source.rows if fused.source else table.rows
    came_out = counts[-1].rows_out if counts else table.rows
    if went_in != table.rows or came_out != written:
        raise JobFailed(
            "The table could not be processed to its end, so nothing was kept.",
            rows=table.rows,
            read=went_in,
            written=written,
        )


def _facts(table: Table, rows: int) -> dict[str, Any]:
    return {"total_rows": table.rows, "filtered_rows": rows, "sheet": table.sheet}
