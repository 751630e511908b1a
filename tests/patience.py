"""Waiting for what other threads and processes do on their own: for the thing itself, never for
a length of time that a busy machine would need longer for."""

import time
from collections.abc import Callable

LONG = 60.0  # what a quiet machine does in a tenth of a second


def await_true(condition: Callable[[], object], seconds: float = LONG) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it has not come true"
        time.sleep(0.02)
