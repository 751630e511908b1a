"""Opening a spreadsheet as a table, and the first look at it."""

from dataclasses import replace
from pathlib import Path

from chat_bridge.model import Limits, Profile, Source
from chat_bridge.workflow.tables import guard
from chat_bridge.workflow.tables.frames import Table
from chat_bridge.workflow.tables.previews import preview, typed

_SAMPLE_ROWS = 2_000


def open_table(
    source: Source,
    sheet: str | None,
    limits: Limits,
    work_dir: Path,
    *,
    survey: bool = True,
    header_row: int | None = None,
) -> Table:
    """Checked first, so nothing hostile reaches a parser. `work_dir` receives the UTF-8 rewriting
    of a CSV that is not plainly one; it must live as long as the table is used. Without a `survey`
    the rows of a CSV are looked at only while they go by; `header_row` counts as a spreadsheet
    does, and 0 is a table without a header."""
    checked = guard.check(source.path, source.name, limits)
    if checked.kind == "csv":
        from chat_bridge.workflow.tables.reading_csv import Opening, open_csv

        how = Opening(checked.irregular, survey, header_row)
        return open_csv(source, limits, work_dir, how)
    from chat_bridge.workflow.tables.reading_xlsx import open_workbook

    table = open_workbook(source, sheet, header_row)
    return replace(table, remarks=_uncalculated(checked.uncalculated))


def _uncalculated(formulas: int) -> tuple[str, ...]:
    if not formulas:
        return ()
    said = "formula has no value stored, so its cell is blank"
    if formulas > 1:
        said = "formulas have no values stored, so their cells are blank"
    return (
        f"{formulas:,} {said}; open the workbook in a spreadsheet program and save it to have "
        "values there.",
    )


def profile(source: Source, limits: Limits, work_dir: Path) -> Profile:
    table = open_table(source, None, limits, work_dir)
    sample = table.frame.head(_SAMPLE_ROWS).collect()
    columns = typed(sample)
    rows = table.rows or 0
    return Profile(
        sheets=sheets_of(source, table),
        rows=rows,
        columns=columns,
        preview=preview(sample.head(limits.preview_rows), columns, rows),
        dialect=table.dialect,
    )


def sheets_of(source: Source, table: Table) -> tuple[str, ...]:
    if table.kind == "csv":
        return ()
    from chat_bridge.workflow.tables.reading_xlsx import sheet_names

    return sheet_names(source)
