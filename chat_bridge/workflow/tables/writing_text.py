"""Pieces of text into one file, batch by batch: a script, or JSON."""

from collections.abc import Callable
from pathlib import Path

from chat_bridge.errors import JobFailed, OutputTooLarge
from chat_bridge.workflow.tables.frames import Text
from chat_bridge.workflow.tables.writing import durable

_BATCH_PIECES = 20_000
_MOST_CHARACTERS = 16 << 20  # of an answer; a file may be larger


def write_text(text: Text, path: Path, *, on_rows: Callable[[int], None]) -> int:
    """How many pieces were written; `on_rows` hears it after every batch."""
    import polars as pl

    written = 0
    with durable(path) as file:
        for batch in text.frame.collect_batches(chunk_size=_BATCH_PIECES, maintain_order=True):
            if batch.height:
                file.write((text.separator if written else text.prefix).encode())
                pieces = batch.to_series()
                if pieces.null_count():
                    raise JobFailed("A row could not be written as text, so nothing was kept.")
                # As bytes at once: a text of Python's would be made and taken apart again.
                file.write(pieces.str.join(text.separator).cast(pl.Binary).item())
                written += batch.height
                on_rows(written)
        alone = text.prefix + text.suffix if text.empty is None else text.empty
        file.write((text.suffix if written else alone).encode())
    return written


def pieces(text: Text) -> list[str]:
    """All of them, for an answer."""
    found: list[str] = []
    length = 0
    for batch in text.frame.collect_batches(chunk_size=_BATCH_PIECES, maintain_order=True):
        some = batch.to_series().to_list()
        length += sum(map(len, some))
        if length > _MOST_CHARACTERS:
            raise OutputTooLarge("The answer would be larger than 16 MiB; ask for a file instead.")
        found += some
    return found
