"""CSV: UTF-8, LF, minimal quoting, a header."""

import csv
import io
from typing import TYPE_CHECKING, BinaryIO

from chat_bridge.workflow.tables.safety import Changes, harmless, neutralise

if TYPE_CHECKING:
    import polars as pl


class CsvWriter:
    def __init__(self, file: BinaryIO, names: list[str]) -> None:
        self.changes = Changes()
        self._file = file
        # A blank cell in an only column would be a blank line, which readers skip.
        self._blank = '""' if len(names) == 1 else ""
        header = io.StringIO()
        csv.writer(header, lineterminator="\n").writerow([harmless(name) for name in names])
        file.write(header.getvalue().encode("utf-8", "replace"))

    def write(self, batch: "pl.DataFrame") -> None:
        if not batch.width:
            return
        safe = neutralise(batch, self.changes)
        safe.write_csv(self._file, include_header=False, null_value=self._blank)

    def close(self, rows: int) -> None:
        """Nothing follows the last row."""
