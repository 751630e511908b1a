from datetime import date, time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat_bridge.workflow import values

MARCH_5 = "2024-03-05 00:00:00"


def read(text: str, *, day_first: bool = False) -> str | None:
    moment = values.moment_of(text, day_first=day_first)
    return moment.isoformat(" ") if moment else None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-05", MARCH_5),
        (" 2024-3-5 ", MARCH_5),
        ("2024/03/05", MARCH_5),
        ("20240305", MARCH_5),
        ("3/5/2024", MARCH_5),
        ("3/5/24", MARCH_5),
        ("05.03.2024", MARCH_5),
        ("5.3.24", MARCH_5),
        ("5 Mar 2024", MARCH_5),
        ("March 5, 2024", MARCH_5),
        ("Tue, 5 Mar 2024 00:00:00 GMT", MARCH_5),
        ("5-Mar-2024", MARCH_5),
        ("15/03/2024", "2024-03-15 00:00:00"),
        ("2024-03-05 10:30", "2024-03-05 10:30:00"),
        ("2024-03-05T10:30:15Z", "2024-03-05 10:30:15"),
        ("2024-03-05T10:30:15.250+02:00", "2024-03-05 10:30:15.250000"),
        ("3/5/2024 1:05 PM", "2024-03-05 13:05:00"),
        ("31.12.99", "1999-12-31 00:00:00"),
        ("2024-02-30", None),
        ("05.03.2024 25:00", None),
        ("02024-01-15", None),
        ("12", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_many_formats(text: str, moment: str | None) -> None:
    assert read(text) == moment


def test_day_first_when_told() -> None:
    assert read("04/03/2024") == "2024-04-03 00:00:00"
    assert read("04/03/2024", day_first=True) == "2024-03-04 00:00:00"


def test_every_cell_has_its_own_format() -> None:
    cells = pl.Series("d", ["2024-03-05", None, "x", "15/03/2024", "5 Mar 2024 08:00"])
    found = values.moments(cells).to_list()
    assert [moment and moment.isoformat(" ") for moment in found] == [
        MARCH_5,
        None,
        None,
        "2024-03-15 00:00:00",
        "2024-03-05 08:00:00",
    ]


@given(st.dates(min_value=date(1000, 1, 1)), st.times())
@settings(max_examples=60, deadline=None)
def test_iso_moments_come_back(day: date, time: time) -> None:
    whole = f"{day.isoformat()} {time.replace(microsecond=0).isoformat()}"
    assert read(whole) == whole
    assert read(whole.replace(" ", "T") + "Z") == whole
    assert read(day.isoformat()) == f"{day.isoformat()} 00:00:00"


@given(st.lists(st.one_of(st.none(), st.text(max_size=25)), max_size=8))
@settings(max_examples=80, deadline=None)
def test_any_text_is_a_date_or_none(texts: list[str | None]) -> None:
    cells = pl.Series("d", [text or None for text in texts], dtype=pl.String)
    found = values.moments(cells)
    assert found.dtype == pl.Datetime("us")
    assert len(found) == len(cells)


@pytest.mark.parametrize(
    ("text", "number"),
    [("10", 10.0), (" 1e3 ", 1000.0), ("-5", -5.0), (".5", 0.5), ("", None), ("abc", None)]
    + [(odd, None) for odd in ("inf", "nan", "1_000", "1,000", "1e400")],
)
def test_numbers(text: str, number: float | None) -> None:
    frame = pl.DataFrame({"c": [text]})
    assert frame.select(values.number(pl.col("c"))).item() == number
    assert values.number_of(text) == number


def test_typed_columns_as_text() -> None:
    frame = pl.DataFrame(
        {"i": [1, None], "f": [1.5, -0.0], "b": [True, None], "s": ["x", None]},
    )
    told = frame.select(values.text(name, kind) for name, kind in frame.schema.items())
    assert told.rows() == [("1", "1.5", "True", "x"), (None, "0", None, None)]
