"""What everybody relies on in a clock, whichever one it is."""

import re
from collections.abc import Callable

import pytest

from chat_bridge.ports import Clock
from chat_bridge.store.clock import SystemClock
from tests.fakes import ManualClock

CLOCKS: dict[str, Callable[[], Clock]] = {"system": SystemClock, "manual": ManualClock}


@pytest.fixture(params=CLOCKS)
def clock(request: pytest.FixtureRequest) -> Clock:
    return CLOCKS[request.param]()


def test_now_is_in_the_wires_form(clock: Clock) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", clock.now())


def test_text_and_milliseconds_are_one_moment(clock: Clock) -> None:
    before = clock.now_ms()
    now = clock.now()
    assert clock.text(before) <= now <= clock.text(clock.now_ms())


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (951_782_400_999, "2000-02-29T00:00:00.999Z"),
        (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
    ],
)
def test_text_of_known_moments(clock: Clock, milliseconds: int, text: str) -> None:
    assert clock.text(milliseconds) == text


def test_texts_sort_like_moments(clock: Clock) -> None:
    moments = [0, 999, 1_000, 59_999, 60_000, 86_400_000, 1_795_262_400_123]
    assert sorted(map(clock.text, moments)) == [clock.text(moment) for moment in moments]


def test_boot_time_never_goes_back(clock: Clock) -> None:
    readings = [clock.boot_ms() for _ in range(100)]
    assert readings == sorted(readings)
    assert readings[0] > 0


def test_the_boot_has_a_name_that_stays(clock: Clock) -> None:
    assert clock.boot_id()
    assert clock.boot_id() == clock.boot_id()
