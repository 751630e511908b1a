"""Instants in every form that clients send (bridge 2.4)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_bridge.domain.times import canonical, milliseconds
from chat_bridge.store.clock import SystemClock

AT = 1_785_812_935_484
FORMS = [
    "2026-08-04T03:08:55.484Z",
    "2026-08-04 03:08:55.484Z",
    "2026-08-04T03:08:55,484Z",
    "2026-08-04T03:08:55.484z",
    "2026-08-04T03:08:55.484",
    "2026-08-04T03:08:55.484+00:00",
    "2026-08-04T03:08:55.484 00:00",
    "2026-08-04T03:08:55.484-00:00",
    "2026-08-04T03:08:55.484123456Z",
    "2026-08-04T05:08:55.484+02:00",
    "2026-08-04T05:08:55.484 02:00",
    "2026-08-04T05:08:55.484+0200",
    "2026-08-04t05:08:55.484+02",
    "2026-08-04 05:08:55.484 +02:00",
    "2026-08-03T22:08:55.484-05:00",
    " 2026-08-04T03:08:55.484Z ",
]


@pytest.mark.parametrize("text", FORMS)
def test_every_form_is_one_instant(text: str) -> None:
    assert milliseconds(text) == AT


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-08-04", "2026-08-04T00:00:00.000Z"),
        ("2026-08-04T03:08", "2026-08-04T03:08:00.000Z"),
        ("2026-08-04 03:08:55", "2026-08-04T03:08:55.000Z"),
        ("2026-08-04T03:08:55.4Z", "2026-08-04T03:08:55.400Z"),
        ("2026-08-04T03:08:55.04+02:00", "2026-08-04T01:08:55.040Z"),
        ("1970-01-01", "1970-01-01T00:00:00.000Z"),
    ],
)
def test_what_is_left_out_counts_as_nought(text: str, same: str) -> None:
    assert milliseconds(text) == milliseconds(same)
    assert canonical(text) == same


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zzz",
        "now",
        "1785812935",
        "2026-13-01T00:00:00Z",
        "2026-02-30",
        "2026-08-04T25:00:00Z",
        "2026-08-04T03:08:55.Z",
        "2026-08-04T03:08:55.1234567890Z",
        "2026-08-04T03:08:55+99:00",
        "2026-08-04T03:08:55+02:99",
        "2026-08-04T03:08:55.484Z; DROP",
        "0000-01-01T00:00:00Z",
        "\u0662\u0660\u0662\u0666-08-04",
    ],
)
def test_nonsense_is_no_instant(text: str) -> None:
    assert milliseconds(text) is None
    assert canonical(text) == text


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00+14:00", "0999-01-01", "1969-12-31", "9999-12-31T23:59:59-14:00"],
)
def test_an_instant_that_the_wire_cannot_hold_is_none(text: str) -> None:
    assert milliseconds(text) is None
    assert canonical(text) == text


@given(
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001 - the zone is drawn apart
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from("T "),
)
def test_any_instant_survives(local: datetime, offset: int, between: str) -> None:
    moment = local.replace(tzinfo=timezone(timedelta(minutes=offset)))
    text = moment.isoformat(between, timespec="milliseconds")
    found = milliseconds(text)
    assert found is not None
    again = SystemClock().text(found)
    assert len(again) == 24
    assert milliseconds(again) == found
    assert datetime.fromisoformat(again) == datetime.fromisoformat(text).astimezone(UTC)
    assert milliseconds(text.replace("+", " ")) == found


@given(st.text(max_size=40))
def test_any_text_is_an_instant_or_not(text: str) -> None:
    found = milliseconds(text)
    assert found is None or SystemClock().text(found)
    assert canonical(text) or text == ""
