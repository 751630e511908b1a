"""A typed spreadsheet cell as the text every operation sees."""

import datetime as dt
from collections.abc import Callable
from typing import Any


def text(value: object) -> str:
    """Blank is the empty text here; frames turn it into null."""
    convert = _BY_TYPE.get(value.__class__)
    return convert(value) if convert else str(value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _date(value: dt.date) -> str:
    return f"{value.isoformat()} 00:00:00"


def _moment(value: dt.datetime) -> str:
    return value.isoformat(" ")


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _verbatim(value: str) -> str:
    return value


def _blank(_value: None) -> str:
    return ""


_BY_TYPE: dict[type, Callable[[Any], str]] = {
    str: _verbatim,
    float: _number,
    dt.date: _date,
    dt.datetime: _moment,
    dt.timedelta: _duration,
    type(None): _blank,
}
