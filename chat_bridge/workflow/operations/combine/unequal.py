"""Rows of two files that are not the same. First all rows meet by their keys and a fingerprint of
their cells, some forty bytes a row; then the cells of those that differ alone. Joining all cells
of two files of a million rows took 740 MiB."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from chat_bridge.workflow import values
from chat_bridge.workflow.operations.combine.differing import HERE, THERE, Pairs

if TYPE_CHECKING:
    import polars as pl

_AT, _PRINTS = "\x00at", ("\x00print0", "\x00print1")
_NOWHERE = 2**32 - 1


@dataclass(frozen=True)
class Meeting:
    """Two tables by their keys; of rows that repeat a key the first counts."""

    ours: "pl.LazyFrame"
    theirs: "pl.LazyFrame"
    pairs: Pairs

    @property
    def on(self) -> list[str]:
        return [f"\x00key{at}" for at in range(len(self.pairs.keys))]

    @cached_property
    def places(self) -> "pl.DataFrame":
        """Per key the row in each file, and whether they are the same there."""
        import polars as pl

        seeds = [secrets.randbits(64) for _ in _PRINTS]
        marked = [
            self._cells(side)
            .select(*self.on, *self._prints(side, seeds), pl.col(_AT).alias(side))
            .unique(subset=self.on, keep="first", maintain_order=True)
            for side in "ab"
        ]
        same = pl.all_horizontal(pl.col(name) == pl.col(f"{name}_right") for name in _PRINTS)
        met = self._joined(*marked).select("a", "b", same.fill_null(False).alias("same"))
        return met.collect(engine="streaming")

    @property
    def rows(self) -> "pl.LazyFrame":
        """The cells of the rows that differ: ours in their order, then those only there."""
        import polars as pl

        differ = self.places.filter(~pl.col("same"))
        # One more place, where no row is: of an empty list the engine would not even read a file.
        chosen = [differ[side].drop_nulls().extend_constant(_NOWHERE, 1) for side in "ab"]
        sides = [
            self._cells(side).filter(pl.col(_AT).is_in(places.implode()))
            for side, places in zip("ab", chosen, strict=True)
        ]
        return self._joined(
            sides[0].with_columns(pl.lit(value=True).alias(HERE)).drop(_AT),
            sides[1].with_columns(pl.lit(value=True).alias(THERE)).drop(_AT),
        )

    def _cells(self, side: str) -> "pl.LazyFrame":
        """A side's keys and compared cells as texts, and the numbers of its rows."""

        frame, place = (self.ours, 0) if side == "a" else (self.theirs, 1)
        schema = frame.collect_schema()

        def cell(pair: Sequence[str]) -> "pl.Expr":
            return values.text(pair[place], schema[pair[place]])

        return frame.select(
            *(cell(pair).alias(key) for key, pair in zip(self.on, self.pairs.keys, strict=True)),
            *(cell(pair).alias(f"\x00{side}{at}") for at, pair in enumerate(self.pairs.compared)),
        ).with_row_index(_AT)

    def _prints(self, side: str, seeds: Sequence[int]) -> list["pl.Expr"]:
        """Two of 64 bits, seeded anew each time: that two rows look the same and are not is out
        of reach, by chance and on purpose."""
        import polars as pl

        cells = [pl.col(f"\x00{side}{at}").alias(f"{at}") for at in range(len(self.pairs.compared))]
        if not cells:
            return [pl.lit(0, dtype=pl.UInt64).alias(name) for name in _PRINTS]
        whole = pl.struct(cells)
        return [whole.hash(seed).alias(name) for name, seed in zip(_PRINTS, seeds, strict=True)]

    def _joined(self, ours: "pl.LazyFrame", theirs: "pl.LazyFrame") -> "pl.LazyFrame":
        """Without an order the engine joins in another way, three times as slowly."""
        return ours.join(
            theirs, on=self.on, how="full", coalesce=True, nulls_equal=True,
            maintain_order="left_right",
        )  # fmt: skip
