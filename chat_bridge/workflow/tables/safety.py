"""Cells that cannot be written as they are: formulas in a CSV, what XML and Excel cannot hold."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

LONGEST_CELL = 32_767  # UTF-16 units, Excel's limit

_FORMULA = r"^[=+\-@\t\r\x00]"
_NUMBER = r"^(?:[+-]?(?:\d[\d., ]*|[.,]\d+)(?:[eE][+-]?\d+)?\s?[%€$£]?|\+[\d\s()./-]*|-+)$"
_BACK = "; formulas=keep leaves formulas as they are"
_FORBIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\uFFFE\uFFFF]"
_ESCAPE = r"_x[0-9A-Fa-f]{4}_"
_FORBIDDEN_IN_TEXT = re.compile(_FORBIDDEN)
_ESCAPE_IN_TEXT = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass
class Changes:
    """Cells by what became of them; `neutralised` got an apostrophe in a CSV, `as_text` are those
    that a workbook holds as text, `kept` are live."""

    neutralised: int = 0
    as_text: int = 0
    kept: int = 0
    unfit: int = 0
    cleaned: int = 0
    shortened: int = 0

    def sentences(self) -> tuple[str, ...]:
        were = "was" if self.shortened == 1 else "were"
        counted = (
            (self.neutralised, f"began like a formula and got a leading apostrophe{_BACK}"),
            (self.as_text, f"began like a formula and stayed text{_BACK}"),
            (self.kept, "began like a formula and can be run now, as formulas=keep asked"),
            (self.unfit, "began like a formula, can be none and stayed text"),
            (self.cleaned, "lost control characters no spreadsheet can hold"),
            (self.shortened, f"{were} cut to the {LONGEST_CELL:,} characters a cell can hold"),
        )
        return tuple(
            f"{number:,} {'cell' if number == 1 else 'cells'} {what}."
            for number, what in counted
            if number
        )


def neutralise(batch: "pl.DataFrame", changes: Changes, *, keep: bool = False) -> "pl.DataFrame":
    """CSV has no types: a cell that a spreadsheet would run gets a leading apostrophe. Numbers
    and telephone numbers stay. With `keep` all stay and are counted."""
    import polars as pl
    from polars import selectors

    # Comparing is ten times as fast as a regular expression, and few columns come near.
    cell = pl.all()
    near = (cell < "0") | ((cell >= "=") & (cell < "A"))
    live = selectors.by_name(_hit(batch, near)).str.contains(_FORMULA)  # one may be named `*`
    suspects = _hit(batch, live)
    if not suspects:
        return batch
    chosen = selectors.by_name(suspects)
    run = chosen.str.contains(_FORMULA) & ~chosen.str.contains(_NUMBER)
    found = sum(batch.select(run.sum()).row(0))
    if keep:
        changes.kept += found
        return batch
    changes.neutralised += found
    return batch.with_columns(pl.when(run).then("'" + chosen).otherwise(chosen).name.keep())


def _hit(batch: "pl.DataFrame", condition: "pl.Expr") -> list[str]:
    """The columns in which it is true of a cell."""
    found = batch.select(condition.any())
    return [name for name in found.columns if found[name].item()]


def harmless(text: str) -> str:
    """The same for one text, as a header is."""
    number = re.fullmatch(_NUMBER.strip("^$"), text)
    return f"'{text}" if re.match(_FORMULA, text) and not number else text


def fit_for_xml(batch: "pl.DataFrame", changes: Changes) -> "pl.DataFrame":
    """Rare cells go through Python one by one; a column without any is only looked at."""
    import polars as pl

    odd = pl.all().str.contains(f"{_FORBIDDEN}|{_ESCAPE}") | (
        pl.all().str.len_bytes() > LONGEST_CELL
    )
    found = batch.select(odd.any()).row(0)
    columns = [name for name, hit in zip(batch.columns, found, strict=True) if hit]
    return batch.with_columns(
        pl.Series(name, [cell and fit(cell, changes) for cell in batch[name]], dtype=pl.String)
        for name in columns
    )


def fit(text: str, changes: Changes) -> str:
    cleaned = _FORBIDDEN_IN_TEXT.sub("", text)
    changes.cleaned += cleaned != text
    units = cleaned.encode("utf-16-le", "surrogatepass")
    if len(units) > 2 * LONGEST_CELL:
        changes.shortened += 1
        cleaned = units[: 2 * LONGEST_CELL].decode("utf-16-le", "ignore")
    return _ESCAPE_IN_TEXT.sub("_x005F_", cleaned)
