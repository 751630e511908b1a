"""CSV: UTF-8, LF, minimal quoting, a header."""

import csv
import io
from typing import TYPE_CHECKING, BinaryIO

from chat_bridge.workflow.tables.safety import Changes, harmless, neutralise

if TYPE_CHECKING:
    import polars as pl


class CsvWriter:
    def __init__(self, file: BinaryIO, names: list[str], *, keep_formulas: bool = False) -> None:
        self._keep = keep_formulas
        self._file = file
        # A blank cell in an only column would be a blank line, which readers skip.
        self._blank = '""' if len(names) == 1 else ""
        header = io.StringIO()
        # With CRLF as line end the csv module also quotes what holds a carriage return.
        safe = names if keep_formulas else [harmless(name) for name in names]
        changed = sum(harmless(name) != name for name in names)
        self.changes = Changes(kept=changed) if keep_formulas else Changes(neutralised=changed)
        csv.writer(header, lineterminator="\r\n").writerow(safe)
        file.write(header.getvalue().removesuffix("\r\n").encode("utf-8", "replace") + b"\n")

    def write(self, batch: "pl.DataFrame") -> None:
        if not batch.width:
            return
        safe = neutralise(batch, self.changes, keep=self._keep)
        # Through a buffer: writing to a real file Polars goes past it, and its errors say less.
        buffer = io.BytesIO()
        safe.write_csv(buffer, include_header=False, null_value=self._blank)
        self._file.write(buffer.getbuffer())

    def close(self, rows: int) -> None:
        """Nothing follows the last row."""

    def abandon(self) -> None:
        """Nothing is held back that could still be written."""
