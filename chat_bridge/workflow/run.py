"""A whole plan as one lazy frame, streamed into one file. Called in the child process."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from chat_bridge.errors import JobFailed
from chat_bridge.model import Output, Progress, Run, RunResult, StepCount
from chat_bridge.workflow import outcome
from chat_bridge.workflow.fusing import Fused, facts, fuse, goes_by_once
from chat_bridge.workflow.others import Others
from chat_bridge.workflow.previewing import beginning, previewed
from chat_bridge.workflow.progress import Watch
from chat_bridge.workflow.tables import reading, writing, writing_xlsx
from chat_bridge.workflow.tables.frames import About, Layout, Table
from chat_bridge.workflow.tables.safety import Changes
from chat_bridge.workflow.tables.writing_text import pieces, write_text

Report = Callable[[Progress], None]


class _Irregular(Exception):
    """Rows that went by need the care of a survey."""


def execute(run: Run, report: Report) -> RunResult:
    """Opens, transforms and writes; unknown columns are refused before anything is written. Where
    all rows go by anyway, a CSV is not surveyed first; one that turns out irregular is done again
    with the survey, which says what is wrong or mends it."""
    import polars as pl

    if not run.plan.preview and goes_by_once(run.plan.steps):
        with suppress(_Irregular, pl.exceptions.PolarsError):
            return _executed(run, report, survey=False)
    return _executed(run, report, survey=True)


def _executed(run: Run, report: Report, *, survey: bool) -> RunResult:
    plan = run.plan
    watch = Watch(report, steps=len(plan.steps))
    with TemporaryDirectory(prefix=".running-", dir=run.output_dir) as folder:
        table = reading.open_table(
            run.source, plan.sheet, run.limits, Path(folder), survey=survey,
            header_row=plan.header_row,
        )  # fmt: skip
        total = table.rows
        table = beginning(table) if plan.preview else table
        watch.opened(table)
        fused = _fused(run, table, Path(folder))
        watch.follow(fused.source, fused.tallies)
        written: _Written | None = None
        answers = fused.text is not None and fused.text.answer is not None
        if not (fused.only_looks or answers):
            written = _written(run, table, fused, Path(folder) / "result", watch=watch)
        result = _told(run, table, fused, written)
        watch.finished(result.steps)
        return previewed(result, total) if plan.preview else result


def _told(run: Run, table: Table, fused: Fused, written: "_Written | None") -> RunResult:
    counts = _counts(table, fused)
    outputs: tuple[Output, ...] = (written.output,) if written else ()
    rows = outputs[0].rows if outputs else table.rows
    sizes: dict[str, Any] = {}
    answer: Mapping[str, Any] = {}
    if fused.text and fused.text.answer:
        answer = fused.text.answer(pieces(fused.text))
    if fused.text and outputs:
        sizes = {"file_size": outputs[0].path.stat().st_size, "total_records": rows}
    return RunResult(
        summary=outcome.told(fused, counts, table.dialect),
        outputs=outputs,
        steps=counts,
        warnings=(
            *outcome.misunderstood(
                run.plan, table.kind, spreadsheet=not (fused.text or not written)
            ),
            *table.remarks,
            *fused.remarks,
            *outcome.warnings(fused.tallies),
            *(written.warnings if written else ()),
        ),
        data={
            **{"total_rows": table.rows, "filtered_rows": rows, "sheet": table.sheet},
            **({"dialect": dict(table.dialect)} if table.dialect else {}),
            **outcome.changes(fused, counts, written.changes if written else Changes()),
            **facts(fused),
            **sizes,
            **answer,
        },
    )


def _fused(run: Run, table: Table, folder: Path) -> Fused:
    about = About(
        run.source.name,
        table.kind,
        reading.sheets_of(run.source, table),
        table.rows,
        table.dialect,
    )
    others = Others(run.source.name, run.files, folder, run.limits)
    return fuse(table, run.plan.steps, about=about, others=others)


@dataclass(frozen=True)
class _Written:
    output: Output
    warnings: tuple[str, ...]
    changes: Changes


def _written(run: Run, table: Table, fused: Fused, path: Path, *, watch: Watch) -> _Written:
    """Complete, or refused; under a name of its own. And sentences about what was altered."""
    kind = fused.text.kind if fused.text else fused.target.kind
    name = outcome.file_name(run.source.name, run.plan, fused.operations, kind)
    written = None
    if fused.text:
        rows = write_text(fused.text, path, on_rows=watch.wrote)
    else:
        written = _write(fused, path, name, watch, keep=run.plan.keep_formulas)
        rows = written.rows
    if table.irregular():
        raise _Irregular
    _check_complete(table, fused, _counts(table, fused), rows)
    output = Output(
        path=path.rename(run.output_dir / f".{uuid4().hex}.{kind}"),
        name=name,
        content_type=writing.CONTENT_TYPES[kind],
        rows=rows,
        columns=written.columns if written else None,
        preview=written.preview if written else None,
    )
    told = written.warnings if written else fused.text.warnings if fused.text else ()
    return _Written(output, told, written.changes if written else Changes())


def _write(fused: Fused, path: Path, name: str, watch: Watch, *, keep: bool) -> writing.Written:
    target = fused.target
    if target.kind == "xlsx" and fused.all_rows and (watch.total or 0) >= writing_xlsx.ROWS:
        raise writing_xlsx.too_many_rows()  # said before the first of them is written
    return writing.write(
        fused.frame,
        path,
        kind="csv" if target.kind == "csv" else "xlsx",
        layout=Layout(
            target.sheet or "Sheet1", name if fused.operations[-1].info_sheet else None, keep
        ),
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
