"""Every family of operations; importing one registers what it offers."""

from chat_bridge.workflow.operations import (
    arrange,
    columns,
    combine,
    convert,
    groups,
    look,
    normalize,
    records,
    rows,
    scripts,
    validation,
)

__all__ = [
    "arrange",
    "columns",
    "combine",
    "convert",
    "groups",
    "look",
    "normalize",
    "records",
    "rows",
    "scripts",
    "validation",
]
