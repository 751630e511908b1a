"""Running steps the way the product does, on small tables written in the test."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from chat_bridge.model import Plan, Progress, Step
from chat_bridge.workflow.fusing import Fused, fuse
from chat_bridge.workflow.plan import check_step, interpret
from chat_bridge.workflow.tables.frames import Table

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
