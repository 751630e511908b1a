from pathlib import Path

from chat_bridge.workflow import previewing
from tests.workflow.operations.running import written

MANY = {"numbers.csv": {"n": [str(n) for n in range(3000)]}}


def test_a_preview_works_on_the_first_rows_and_keeps_nothing(tmp_path: Path) -> None:
    result = written(tmp_path, "/filter n % 2 = 0 | to-xlsx preview=yes", MANY)
    assert result.outputs == ()
    assert list((tmp_path / "out").iterdir()) == []
    assert result.summary == (
        "Preview of the first 1,000 of 3,000 rows; nothing was stored.\n\n"
        "500 rows, 500 rows left out."
    )
    assert result.data["preview"]["rows"][:2] == [["0"], ["2"]]
    assert result.data["preview"]["total_rows"] == 500
    assert (result.data["previewed_rows"], result.data["rows_of_the_file"]) == (1000, 3000)


def test_a_preview_of_a_text_shows_its_beginning(tmp_path: Path) -> None:
    result = written(tmp_path, "/to-sql table=t preview=yes", MANY)
    assert "```sql\n" in result.summary
    assert "INSERT INTO" in result.summary
    assert len(result.summary) < 3000


def test_a_table_that_is_smaller_is_previewed_whole(tmp_path: Path) -> None:
    result = written(tmp_path, "/dedupe preview=yes", {"a.csv": {"n": ["1", "1"]}})
    assert result.summary.startswith("Preview of the first 2 rows; nothing was stored.")
    assert previewing.ROWS == 1000


def test_what_a_run_changed_is_told_in_numbers(tmp_path: Path) -> None:
    files = {"a.csv": {"n": [" 1", "1", "2"]}}
    result = written(tmp_path, "/normalize n=trim | dedupe", files)
    assert result.data["changes"] == {
        "rows_in": 3, "rows_out": 2, "rows_removed": 1, "cells_cleaned": 1,
    }  # fmt: skip


def test_an_unusual_csv_says_how_it_was_read(tmp_path: Path) -> None:
    written(tmp_path, "/dedupe", {"a.csv": {"n": ["1"]}})
    (tmp_path / "a.csv").write_bytes("n;Größe\n1;ä\n".encode("cp1252"))
    from chat_bridge.model import Plan, Run, Source
    from chat_bridge.workflow.plan import interpret
    from chat_bridge.workflow.run import execute

    plan = interpret("/dedupe")
    assert isinstance(plan, Plan)
    source = Source(tmp_path / "a.csv", "a.csv")
    result = execute(Run(plan, source, tmp_path / "out"), lambda _: None)
    assert result.summary == "1 row. Read as CP1252, separated by semicolons."
    assert result.data["dialect"] == {"delimiter": ";", "encoding": "cp1252"}
