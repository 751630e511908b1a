from pathlib import Path

import polars as pl
import pytest

from chat_bridge.errors import JobFailed, OutOfSpace
from chat_bridge.workflow.tables.frames import Text
from chat_bridge.workflow.tables.writing_text import write_text


def test_pieces_and_what_stands_around_them(tmp_path: Path) -> None:
    heard: list[int] = []
    many = pl.LazyFrame({"line": [f"ü{n}" for n in range(50_000)]})
    text = Text(many, "txt", prefix="<", separator=";", suffix=">")
    assert write_text(text, tmp_path / "t", on_rows=heard.append) == 50_000
    assert (tmp_path / "t").read_text() == "<" + ";".join(f"ü{n}" for n in range(50_000)) + ">"
    assert heard == sorted(heard)
    assert len(heard) > 1


@pytest.mark.parametrize(("empty", "told"), [(None, "<>"), ("[]", "[]")])
def test_no_pieces(empty: str | None, told: str, tmp_path: Path) -> None:
    none = pl.LazyFrame({"line": []}, schema={"line": pl.String})
    text = Text(none, "txt", prefix="<", suffix=">", empty=empty)
    assert write_text(text, tmp_path / "t", on_rows=lambda _: None) == 0
    assert (tmp_path / "t").read_text() == told


def test_a_missing_piece_is_no_result(tmp_path: Path) -> None:
    text = Text(pl.LazyFrame({"line": ["a", None]}), "txt")
    with pytest.raises(JobFailed, match="could not be written as text"):
        write_text(text, tmp_path / "t", on_rows=lambda _: None)


def test_a_full_disk_is_said() -> None:
    text = Text(pl.LazyFrame({"line": ["a" * 100_000]}), "txt")
    with pytest.raises(OutOfSpace):
        write_text(text, Path("/dev/full"), on_rows=lambda _: None)
