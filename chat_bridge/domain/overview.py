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
    last 24 hours, None where nobody was answered, and `answer_hours` that of each."""

    at: str
    waiting: Waiting
    hours: Sequence[tuple[str, int]]
    last_hour: int
    answer_ms: int | None
    answer_hours: Sequence[tuple[str, int | None]]
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
        answers = overview.answers(day_ago, ANSWERS_LOOKED_AT)
        found = _by_hour(answers)
        return Glance(
            at=self.clock.text(now),
            waiting=self.desk.count(),
            hours=self._hours(now),
            last_hour=sum(
                count for _, count in overview.hours(self._ago(now, 1), MESSAGES_LOOKED_AT)
            ),
            answer_ms=_median(answers),
            answer_hours=[(hour, _median(found.get(hour[:13], []))) for hour in self._starts(now)],
            jobs=overview.jobs(day_ago, JOBS_LOOKED_AT, MISTAKES),
            dead=overview.dead(DEAD_COUNTED),
            free_bytes=self.files.free_bytes(),
            checks=self.health.checks(),
            failures=overview.failures(JOBS_LOOKED_AT, FAILURES_SHOWN, MISTAKES),
        )

    def _hours(self, now: int) -> Sequence[tuple[str, int]]:
        starts = self._starts(now)
        found = dict(self.store.overview.hours(starts[0][:13], MESSAGES_LOOKED_AT))
        return [(start, found.get(start[:13], 0)) for start in starts]

    def _starts(self, now: int) -> Sequence[str]:
        hours = (self._ago(now, back)[:13] for back in range(HOURS - 1, -1, -1))
        return [f"{hour}:00:00.000Z" for hour in hours]

    def _ago(self, now: int, hours: int) -> str:
        return self.clock.text(now - hours * HOUR_MS)


def _by_hour(pairs: Sequence[tuple[str, str]]) -> Mapping[str, list[tuple[str, str]]]:
    """By the hour in which people were answered."""
    found: dict[str, list[tuple[str, str]]] = {}
    for asked, answered in pairs:
        found.setdefault(times.canonical(answered)[:13], []).append((asked, answered))
    return found


def _median(pairs: Sequence[tuple[str, str]]) -> int | None:
    waits = [
        answered - asked
        for began, ended in pairs
        if (asked := times.milliseconds(began)) is not None
        and (answered := times.milliseconds(ended)) is not None
        and answered >= asked
    ]
    return int(median(waits)) if waits else None
