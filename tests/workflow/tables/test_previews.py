import polars as pl

from chat_bridge.workflow.tables.previews import LONGEST_TEXT, MOST_COLUMNS, preview, typed


def test_a_short_table_is_shown_as_it_is() -> None:
    rows = pl.DataFrame({"name": ["Ada", None], "city": ["London", "Paris"]})
    shown = preview(rows, typed(rows), 2)
    assert [column["name"] for column in shown["columns"]] == ["name", "city"]
    assert shown["rows"] == [["Ada", "London"], ["", "Paris"]]


def test_giant_cells_and_names_are_cut() -> None:
    rows = pl.DataFrame({"n" * 5_000: ["x" * 1_000_000]})
    shown = preview(rows, typed(rows), 1)
    (column,), ((cell,),) = shown["columns"], shown["rows"]
    assert len(column["name"]) == len(cell) == LONGEST_TEXT
    assert cell.endswith("x…")


def test_a_wide_table_shows_its_first_columns() -> None:
    rows = pl.DataFrame({f"c{number}": ["1"] for number in range(2_000)})
    shown = preview(rows, typed(rows), 1)
    assert len(shown["columns"]) == len(shown["rows"][0]) == MOST_COLUMNS
