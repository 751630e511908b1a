import random
from pathlib import Path

import pytest

from chat_bridge.errors import BadArgument, MissingArgument, UnknownColumn
from chat_bridge.model import RunResult
from tests.workflow.operations.running import Files, text_of, written

NEW: Files = {
    "id": ["1", "2", "3", "5", "2"],
    "name": ["Ann", "Bob", "Cy", "Eve", "Bob again"],
    "city": ["Oslo", None, "Rome", "Bonn", "x"],
    "new": ["a", "b", "c", "d", "e"],
}
OLD: Files = {
    "id": ["1", "2", "4", "3"],
    "Name": ["Ann", "Bo", "Dan", "Cy"],
    "city": ["Oslo", "Paris", None, "Rome"],
    "old": ["x", "x", "x", "x"],
}


def compared(folder: Path, command: str = "/diff on=id") -> RunResult:
    return written(folder, command, {"new.csv": NEW, "old.csv": OLD})


def test_rows_added_removed_and_cells_changed(tmp_path: Path) -> None:
    result = compared(tmp_path)
    assert text_of(result).splitlines() == [
        "change,id,column,before,after",
        "changed,2,name,Bo,Bob",
        "changed,2,city,Paris,",
        "added,5,,,name: Eve; city: Bonn",
        "removed,4,,name: Dan,",
    ]
    assert result.data["diff"] == {
        "added": 1, "removed": 1, "changed_rows": 1, "changed_cells": 2, "unchanged": 2,
        "key_columns": ["id"], "columns_added": ["new"], "columns_removed": ["old"],
        "changed_by_column": {"name": 1, "city": 1},
    }  # fmt: skip
    assert result.summary.startswith("Rows: 1 added, 1 removed, 1 changed (cells: 2), 2 as they")


def test_the_first_column_is_the_key_by_default(tmp_path: Path) -> None:
    assert text_of(compared(tmp_path, "/diff")) == text_of(compared(tmp_path))


def test_columns_that_do_not_matter(tmp_path: Path) -> None:
    result = compared(tmp_path, "/diff on=id ignore=city")
    assert result.data["diff"]["changed_cells"] == 1
    assert "Paris" not in text_of(result)


def test_keys_of_several_columns(tmp_path: Path) -> None:
    result = compared(tmp_path, "/diff on=id,name")
    assert "changed" not in text_of(result).replace("change,", "")
    assert result.data["diff"]["added"] == 3


def test_equal_files_have_no_difference(tmp_path: Path) -> None:
    result = written(tmp_path, "/diff", {"a.csv": NEW, "b.csv": NEW})
    assert text_of(result) == "change,id,column,before,after\n"
    assert result.data["diff"]["unchanged"] == 4


def test_differences_can_be_searched(tmp_path: Path) -> None:
    result = compared(tmp_path, "/diff on=id | search change=removed")
    assert text_of(result).splitlines()[1:] == ["removed,4,,name: Dan,"]
    (tmp_path / "more").mkdir()
    result = compared(tmp_path / "more", "/diff on=id | extract before,id | sort id")
    assert text_of(result).splitlines()[1:] == ["Bo,2", "Paris,2", "name: Dan,4", ",5"]


def test_a_key_that_is_called_like_what_is_told(tmp_path: Path) -> None:
    files: Files = {"a.csv": {"change": ["1"], "x": ["b"]}, "b.csv": {"change": ["1"], "x": ["a"]}}
    assert text_of(written(tmp_path, "/diff", files)) == (
        "change,key change,column,before,after\nchanged,1,x,a,b\n"
    )


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    with pytest.raises(MissingArgument, match="Say which column tells the rows apart"):
        written(tmp_path, "/diff", {"a.csv": {"x": ["1"]}, "b.csv": {"y": ["1"]}})
    with pytest.raises(UnknownColumn, match="second file has no column"):
        compared(tmp_path, "/diff on=new")
    with pytest.raises(BadArgument, match=r"did you mean 'old\.csv'"):
        compared(tmp_path, "/diff with=odl.csv")


def test_many_rows_as_plain_python_compares_them(tmp_path: Path) -> None:
    """Repeated and blank keys, cells that are blank on either side."""
    chance = random.Random(7)
    cells = [None, "", "x", "y", "x y"]

    def some(rows: int) -> dict[str, list[str | None]]:
        keys = [chance.choice([None, *map(str, range(900))]) for _ in range(rows)]
        return {"id": keys, **{n: [chance.choice(cells) or None for _ in keys] for n in "abc"}}

    new, old = some(1500), some(1400)
    result = written(tmp_path, "/diff on=id", {"new.csv": new, "old.csv": old})
    ours, theirs = (_first_rows(table) for table in (new, old))
    changed = [
        f"changed,{key or ''},{name},{theirs[key][name] or ''},{row[name] or ''}"
        for key, row in ours.items()
        for name in "abc"
        if key in theirs and row[name] != theirs[key][name]
    ]
    lines = text_of(result).splitlines()[1:]
    assert [line for line in lines if line.startswith("changed")] == changed
    only_here = [key or "" for key in ours if key not in theirs]
    assert [line.split(",")[1] for line in lines if line.startswith("added")] == only_here
    facts = result.data["diff"]
    assert facts["removed"] == len(theirs.keys() - ours.keys())
    assert facts["unchanged"] + facts["changed_rows"] == len(ours.keys() & theirs.keys())


def _first_rows(table: Files) -> dict[str | None, dict[str, str | None]]:
    found: dict[str | None, dict[str, str | None]] = {}
    for row in zip(*table.values(), strict=True):
        named = dict(zip(table, row, strict=True))
        found.setdefault(named.pop("id"), named)
    return found
