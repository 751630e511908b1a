import polars as pl

from chat_bridge.workflow.tally import CHANGED, UNREAD, Tally, counted


def test_rows_and_marked_cells_are_counted_and_marks_taken_out() -> None:
    frame = pl.LazyFrame({"a": ["x", "y", "z"]}).with_columns(
        (pl.col("a") != "x").cast(pl.UInt32).alias(CHANGED),
        (pl.col("a") == "z").alias(f"{UNREAD}date:a"),
    )
    tally = Tally()
    seen = counted(frame, tally)
    assert seen.collect_schema().names() == ["a"]
    assert tally.rows == 0, "nothing is read before the stream runs"
    assert seen.collect(engine="streaming")["a"].to_list() == ["x", "y", "z"]
    assert (tally.rows, tally.changed, tally.unread) == (3, 2, {"date:a": 1})


def test_columns_chosen_afterwards_do_not_disturb() -> None:
    """Pushed through, a projection makes polars 2.1 panic and end the stream early."""
    tally = Tally()
    frame = pl.LazyFrame({"a": ["1"] * 5, "b": ["2"] * 5, "c": ["3"] * 5})
    assert counted(frame, tally).select("c").collect(engine="streaming").height == 5
    assert tally.rows == 5


def test_what_was_never_marked_is_unknown() -> None:
    assert Tally().changed is None
