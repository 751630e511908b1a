"""The old template language of /to-sql: `{mapped name}` and three words of its own; everything
else stays as it is."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chat_bridge.workflow.operations.scripts.dialects import Dialect
from chat_bridge.workflow.operations.scripts.increments import Increment

if TYPE_CHECKING:
    import polars as pl

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_INDEX = "\x00index"


def filled(
    template: str, cells: Mapping[str, "pl.Expr"], increment: Increment, dialect: Dialect
) -> "pl.Expr":
    import polars as pl

    known = {
        "current_timestamp": pl.lit(dialect.now),
        "current_date": pl.lit(dialect.today),
        **_automatic(increment, dialect),
        **cells,
    }
    parts: list[pl.Expr] = []
    end = 0
    for found in _PLACEHOLDER.finditer(template):
        if found[1] in known:
            parts += [pl.lit(template[end : found.start()]), known[found[1]]]
            end = found.end()
    return pl.concat_str(*parts, pl.lit(template[end:]))


def _automatic(increment: Increment, dialect: Dialect) -> dict[str, "pl.Expr"]:
    import polars as pl

    if not increment.enabled:
        return {}
    fixed = increment.fixed(dialect)
    running = (pl.col(_INDEX).cast(pl.Int64) + increment.start_value).cast(pl.String)
    return {"auto_id": running if fixed is None else pl.lit(fixed)}
