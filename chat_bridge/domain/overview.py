"""The place at a glance: who waits, how fast people are answered, what runs and what failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from chat_bridge.domain import times
from chat_bridge.domain.desk import Desk
from chat_bridge.domain.health import Health
from chat_bridge.errors import BadRequest, NotFound, TooLarge, Unprocessable, codes_of
from chat_bridge.model import FailedJob, JobCounts, Waiting
from chat_bridge.ports import Clock, Files, Store

HOUR_MS = 3_600_000
HOURS = 24
MESSAGES_LOOKED_AT = 20_000
ANSWERS_LOOKED_AT = 1_000
JOBS_LOOKED_AT = 1_000
FAILURES_SHOWN = 5
DEAD_COUNTED = 1_000
# Why a command or its file was refused was told to whoever typed it: nothing is wrong here.
MISTAKES = codes_of(BadRequest, NotFound, TooLarge, Unprocessable)


@dataclass(frozen=True)
class Glance:
    """`hours` are the last 24, oldest first, each with its start; `answer_ms` is the median of the
    last 24 hours, None where nobody was answered."""

    at: str
    waiting: Waiting
    hours: Sequence[tuple[str, int]]
    last_hour: int
    answer_ms: int | None
    jobs: JobCounts
    dead: int
    free_bytes: int
    checks: Mapping[str, str]
    failures: Sequence[FailedJob]


@dataclass(frozen=True)
class Overview:
    """Looks at a bounded number of the newest rows, however many there are."""

    store: Store
    files: Files
    clock: Clock
    desk: Desk
    health: Health

    def glance(self) -> Glance:
        now = self.clock.now_ms()
        day_ago = self.clock.text(now - HOURS * HOUR_MS)
        overview = self.store.overview
        return Glance(
            at=self.clock.text(now),
            waiting=self.desk.count(),
            hours=self._hours(now),
            last_hour=sum(
                count for _, count in overview.hours(self._ago(now, 1), MESSAGES_LOOKED_AT)
            ),
            answer_ms=_median(overview.answers(day_ago, ANSWERS_LOOKED_AT)),
            jobs=overview.jobs(day_ago, JOBS_LOOKED_AT, MISTAKES),
            dead=overview.dead(DEAD_COUNTED),
            free_bytes=self.files.free_bytes(),
            checks=self.health.checks(),
            failures=overview.failures(JOBS_LOOKED_AT, FAILURES_SHOWN, MISTAKES),
        )

    def _hours(self, now: int) -> Sequence[tuple[str, int]]:
        starts = [self._ago(now, back)[:13] for back in range(HOURS - 1, -1, -1)]
        found = dict(self.store.overview.hours(starts[0], MESSAGES_LOOKED_AT))
        return [(f"{start}:00:00.000Z", found.get(start, 0)) for start in starts]

    def _ago(self, now: int, hours: int) -> str:
        return self.clock.text(now - hours * HOUR_MS)


def _median(pairs: Sequence[tuple[str, str]]) -> int | None:
    waits = [
        answered - asked
        for began, ended in pairs
        if (asked := times.milliseconds(began)) is not None
        and (answered := times.milliseconds(ended)) is not None
        and answered >= asked
    ]
    return int(median(waits)) if waits else None
