"""Tables in the text of an answer."""

from collections.abc import Sequence
from typing import Any


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Markdown; whatever a cell holds stays in its cell."""
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(map(_cell, line))} |" for line in lines]


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    shown = " ".join(str("" if value is None else value).split())
    shown = shown if len(shown) <= 120 else f"{shown[:119]}…"
    return shown.replace("\\", "\\\\").replace("|", "\\|").replace("`", "\\`")
