"""A plan as one lazy table, or as the text made of it, with what was found on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chat_bridge.errors import BadArgument, CommandError
from chat_bridge.model import Step
from chat_bridge.workflow import registry
from chat_bridge.workflow.others import Others
from chat_bridge.workflow.registry import Arguments, Operation, Target
from chat_bridge.workflow.tables.frames import About, Look, Table, Text
from chat_bridge.workflow.tally import COUNT, Tally, counted

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Fused:
    """The plan over a table: `source` counts what goes in, `tallies` what leaves each step;
    `text` is what is written instead of the frame; `looks` belong to the steps that look."""

    frame: "pl.LazyFrame"
    target: Target
    operations: tuple[Operation, ...]
    source: Tally | None
    tallies: tuple[Tally | None, ...]
    looks: tuple[Look | None, ...] = ()
    text: Text | None = None
    remarks: tuple[str, ...] = ()

    @property
    def all_rows(self) -> bool:
        """No step takes rows out or adds any."""
        return not any(o.dropped or o.resizes for o in self.operations)

    @property
    def only_looks(self) -> bool:
        return bool(self.operations) and all(looks(o) for o in self.operations)


@dataclass
class _Fusing:
    frame: "pl.LazyFrame"
    about: About
    others: Others
    target: Target
    source: Tally | None = None
    tallies: list[Tally | None] = field(default_factory=list)
    found: list[Look | None] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    text: Text | None = None

    def step(self, operation: Operation, arguments: Arguments) -> None:
        given = self._opened(operation, arguments)
        self.remarks += operation.remark(given, self.frame.collect_schema().names())
        look = operation.look if operation.inspects(arguments) else None
        stated = operation.states(arguments)
        found = look(self.frame, given, self.about) if look else None
        self.found.append(found or (Look(stated) if stated else None))
        drops = operation.resizes or (bool(operation.dropped) and operation.drops(arguments))
        if drops and self.source is None:
            self.source = Tally()
            self.frame = counted(self.frame, self.source)
        self.frame = operation.apply(self.frame, given)
        tally = Tally() if drops or _counts_cells(self.frame) else None
        self.frame = counted(self.frame, tally) if tally else self.frame
        self.tallies.append(tally)
        self.target = operation.target(arguments) or self.target
        if operation.compose and operation.ends(arguments):
            self.text = operation.compose(self.frame, given, self.about)

    def _opened(self, operation: Operation, arguments: Arguments) -> Arguments:
        """The argument that names another file holds its table."""
        if operation.opens is None:
            return arguments
        table = self.others.open(arguments[operation.opens], operation)
        return {**arguments, operation.opens: table}

    def settle(self) -> None:
        """Looking and composing may have read the rows; the counts are of the writing alone."""
        for tally in (self.source, *self.tallies):
            if tally is not None:
                tally.reset()


def fuse(
    table: Table, steps: Sequence[Step], *, about: About | None = None, others: Others | None = None
) -> Fused:
    """Every step on top of the one before; only what looks or composes reads rows already."""
    operations = tuple(registry.find(step.operation) for step in steps)
    check_order(steps)
    fusing = _Fusing(
        table.frame,
        about or About("table", table.kind, rows=table.rows, dialect=table.dialect),
        others or Others(),
        Target(table.kind, table.sheet if table.kind == "xlsx" else None),
        table.passing,
    )
    for index, (operation, step) in enumerate(zip(operations, steps, strict=True)):
        _told_where(fusing, operation, step.arguments, index)
    fusing.settle()
    return Fused(
        fusing.frame, fusing.target, operations, fusing.source, tuple(fusing.tallies),
        tuple(fusing.found), fusing.text, tuple(fusing.remarks),
    )  # fmt: skip


def goes_by_once(steps: Sequence[Step]) -> bool:
    """Whether the first step lets all rows and columns go by to drop some, and none looks at the
    table before it is written."""
    operations = [registry.find(step.operation) for step in steps]
    return bool(
        operations
        and operations[0].dropped
        and operations[0].drops(steps[0].arguments)
        and not any(
            o.inspects(step.arguments) or o.ends(step.arguments)
            for o, step in zip(operations, steps, strict=True)
        )
    )


def looks(operation: Operation) -> bool:
    """It answers, and leaves the table as it is."""
    return operation.look is not None and operation.apply is registry.unchanged


def check_order(steps: Sequence[Step]) -> None:
    """A text file has no rows any more, so nothing can follow it."""
    for index, step in enumerate(steps[:-1]):
        operation = registry.find(step.operation)
        if operation.ends(step.arguments):
            after = registry.find(steps[index + 1].operation)
            raise BadArgument(
                f"/{operation.command} makes a text file, so /{after.command} cannot follow it; "
                "put it last.",
                argument=after.command,
                command=after.command,
                step=index + 1,
            )


def facts(fused: Fused) -> dict[str, Any]:
    """What the steps tell programs, the later ones over the earlier."""
    told: dict[str, Any] = {}
    for operation, look, tally in zip(fused.operations, fused.looks, fused.tallies, strict=True):
        own: Mapping[str, Any] = look.data if look else {}
        told |= operation.conclude({**own, **(tally.facts if tally else {})})
    return told | dict(fused.text.data if fused.text else {})


def _told_where(fusing: _Fusing, operation: Operation, arguments: Arguments, index: int) -> None:
    try:
        fusing.step(operation, arguments)
    except CommandError as error:
        error.details.setdefault("command", operation.command)
        error.details.setdefault("step", index)
        raise


def _counts_cells(frame: "pl.LazyFrame") -> bool:
    return any(name.startswith(COUNT) for name in frame.collect_schema().names())
