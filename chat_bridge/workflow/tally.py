"""Counting inside a fused plan. An operation adds columns named `COUNT + what`, holding 0 or more
a row; `counted` sums them as batches stream by, and takes them out again."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

COUNT = "\x00count:"
CHANGED = COUNT + "changed"
UNREAD = COUNT + "unread:"
FACT = COUNT + "fact:"


@dataclass
class Tally:
    """Rows that came by, and the sums of the counting columns by what they count."""

    rows: int = 0
    sums: dict[str, int] = field(default_factory=dict)

    def add(self, batch: "pl.DataFrame") -> "pl.DataFrame":
        self.rows += batch.height
        for name in batch.columns:
            if name.startswith(COUNT):
                total = int(batch[name].sum() or 0)
                self.sums[name] = self.sums.get(name, 0) + total
        return batch[[name for name in batch.columns if not name.startswith(COUNT)]]

    def reset(self) -> None:
        """What went by so far was only looked at."""
        self.rows = 0
        self.sums.clear()

    @property
    def facts(self) -> dict[str, int]:
        """Numbers an operation tells programs, by name."""
        return {
            name.removeprefix(FACT): total
            for name, total in self.sums.items()
            if name.startswith(FACT)
        }

    @property
    def changed(self) -> int | None:
        return self.sums.get(CHANGED)

    @property
    def unread(self) -> dict[str, int]:
        """Cells that lost their meaning, by `type:column`."""
        return {
            name.removeprefix(UNREAD): count
            for name, count in self.sums.items()
            if name.startswith(UNREAD) and count
        }


def counted(frame: "pl.LazyFrame", tally: Tally) -> "pl.LazyFrame":
    """The same rows, counted on their way; costs one call a batch. Projections must not be pushed
    through: polars 2.1 then panics on the columns that went missing."""
    schema = frame.collect_schema()
    kept = {name: kind for name, kind in schema.items() if not name.startswith(COUNT)}
    return frame.map_batches(tally.add, schema=kept, validate_output_schema=False, streamable=True)
