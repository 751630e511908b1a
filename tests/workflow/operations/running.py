"""Running steps the way the product does, on small tables written in the test."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from chat_bridge.model import Plan, Progress, Run, RunResult, Source, Step
from chat_bridge.workflow.fusing import Fused, fuse
from chat_bridge.workflow.plan import check_step, interpret
from chat_bridge.workflow.run import execute
from chat_bridge.workflow.tables.frames import Table

Files = Mapping[str, Sequence[str | None]]

PEOPLE = {
    "name": ["Ann Lee", "bob", None, "Zoë O'Neil"],
    "email": ["ANN@x.com", "bob@x.com ", "", "ann@x.com"],
    "amount": ["10", "9.5", "abc", "1e3"],
    "joined": ["2024-01-15", "01.02.2024", None, "15/03/2024"],
}


def table(columns: Mapping[str, Sequence[str | None]]) -> Table:
    """A blank cell is null, as the readers leave it."""
    frame = pl.DataFrame(
        {name: [cell or None for cell in cells] for name, cells in columns.items()},
        schema=dict.fromkeys(columns, pl.String),
    )
    return Table(frame.lazy(), tuple(columns), kind="csv", rows=frame.height)


def steps(command: str) -> tuple[Step, ...]:
    plan = interpret(command)
    assert isinstance(plan, Plan)
    return plan.steps


def fused(command: str, columns: Mapping[str, Sequence[str | None]] = PEOPLE) -> Fused:
    return fuse(table(columns), steps(command))


def ran(command: str, columns: Mapping[str, Sequence[str | None]] = PEOPLE) -> pl.DataFrame:
    return fused(command, columns).frame.collect(engine="streaming")


def column(command: str, cells: Sequence[str | None], name: str = "c") -> list[Any]:
    """The only column of a table after a command."""
    return ran(command, {name: cells})[name].to_list()


def applied(
    operation: str, arguments: Mapping[str, Any], columns: Mapping[str, Sequence[str | None]]
) -> pl.DataFrame:
    """A step asked for by its wire name and plain values."""
    return fuse(table(columns), [check_step(operation, arguments)]).frame.collect()


class Reports(list[Progress]):
    """Remembers every progress report."""

    def __call__(self, progress: Progress) -> None:
        self.append(progress)


def write_csv(path: Path, columns: Files) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(
            [cell or "" for cell in row] for row in zip(*columns.values(), strict=True)
        )
    return path


def written(
    folder: Path, command: str | Step, files: Mapping[str, Files] | None = None
) -> RunResult:
    """A command on the first of some files, from file to file."""
    sources = {}
    for name, columns in (files or {"people.csv": PEOPLE}).items():
        sources[name] = Source(folder / name, name)
        write_csv(folder / name, columns)
    plan = Plan((command,)) if isinstance(command, Step) else interpret(command)
    assert isinstance(plan, Plan)
    out = folder / "out"
    out.mkdir(exist_ok=True)
    return execute(Run(plan, next(iter(sources.values())), out, sources), Reports())


def text_of(result: RunResult) -> str:
    (output,) = result.outputs
    return output.path.read_bytes().decode()
