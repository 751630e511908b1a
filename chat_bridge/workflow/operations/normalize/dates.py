"""Rules for dates. What is no date becomes blank."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from chat_bridge.workflow import values

if TYPE_CHECKING:
    import polars as pl

Told = Mapping[str, Any]


def formatted(cell: "pl.Expr", told: Told) -> "pl.Expr":
    moment = values.moment(cell, day_first=told["day_first"])
    return moment.dt.strftime(told["format"].replace("%f", "%6f"))


def part(name: str) -> Callable[["pl.Expr", Told], "pl.Expr"]:
    def extracted(cell: "pl.Expr", told: Told) -> "pl.Expr":
        import polars as pl

        moment = values.moment(cell, day_first=told["day_first"])
        found: pl.Expr = getattr(moment.dt, name)()
        return found.cast(pl.Int64)

    return extracted
