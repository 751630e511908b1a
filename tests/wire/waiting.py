"""How long after a commit a waiting request is answered."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.patience import LONG
from tests.wire.caller import Answer

PARKED_AFTER = 0.3
AT_ONCE = 0.1


def answered_after(
    poll: Callable[[], Answer], commit: Callable[[], Answer]
) -> tuple[float, Answer]:
    """Seconds from the answer to `commit` to the answer of the poll that was waiting for it."""

    def timed() -> tuple[float, Answer]:
        answer = poll()
        return time.monotonic(), answer

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(timed)
        time.sleep(PARKED_AFTER)
        assert not waiting.done()
        assert commit().status == 200
        committed = time.monotonic()
        ended, answer = waiting.result(LONG)
    return ended - committed, answer


def at_once(once: Callable[[], float]) -> bool:
    """A busy machine may delay some of them. That it is no look around once a second that answers
    is shown in tests/push, where there is none."""
    return any(once() < AT_ONCE for _ in range(8))
