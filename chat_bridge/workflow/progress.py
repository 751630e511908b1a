"""What a run says while it goes: where it is, how fast, and how much of the whole is done."""

from collections.abc import Callable, Sequence
from time import monotonic

from chat_bridge.model import Progress, StepCount
from chat_bridge.workflow.tables.frames import Table
from chat_bridge.workflow.tally import Tally

OPENING = {"xlsx": 0.4, "csv": 0.05}  # how much of the time goes by before the first row
EVERY = 0.1


class Watch:
    """Steps run together, so the one spoken of is the furthest that has let rows through."""

    def __init__(self, report: Callable[[Progress], None], *, steps: int) -> None:
        self._report = report
        self._steps = steps
        self.total: int | None = None
        self._source: Tally | None = None
        self._tallies: Sequence[Tally | None] = ()
        self._opening = 0.0
        self._started = monotonic()
        self._spoke = 0.0
        self._step = 0
        self._fraction = 0.0
        self._say(Progress(step=0, rows_done=0, fraction=0.0))

    def opened(self, table: Table) -> None:
        """Steps may look at all rows before the first is written: how many there are is said."""
        self.total = table.rows
        self._opening = self._fraction = OPENING[table.kind]
        self._say(Progress(0, 0, self.total, fraction=self._opening))

    def follow(self, source: Tally | None, tallies: Sequence[Tally | None]) -> None:
        self._source, self._tallies = source, tallies

    def wrote(self, rows: int) -> None:
        reached = self._reached()
        if reached > self._step or monotonic() - self._spoke >= EVERY:
            done = self._source.rows if self._source else rows
            share = self._opening + (1 - self._opening) * self._share(done, rows)
            self._go_on(reached, done, min(share, 0.99))

    def finished(self, counts: Sequence[StepCount]) -> None:
        """Every step is spoken of at least once; the last word is that all is done."""
        total = (counts[0].rows_in if counts else 0) or 0
        self._go_on(self._steps - 1, total, 1.0)

    def _go_on(self, reached: int, done: int, share: float) -> None:
        self._fraction = max(self._fraction, share)
        for step in range(min(self._step + 1, reached), reached + 1):
            self._say(Progress(step, done, self.total, self._pace(done), self._fraction))

    def _share(self, done: int, written: int) -> float:
        """Half for what was read, half for what was written of it: a step that needs all rows
        before it lets one through is not mistaken for the end."""
        if not self.total:
            return 0.0
        read = done / self.total
        last = next((tally for tally in reversed(self._tallies) if tally), None)
        passed = written / last.rows if last and last.rows else 1.0
        return (read + read * passed) / 2

    def _reached(self) -> int:
        for step, tally in enumerate(self._tallies):
            if tally and not tally.rows:
                return step
        return self._steps - 1

    def _pace(self, rows: int) -> float | None:
        seconds = monotonic() - self._started
        return round(rows / seconds, 1) if seconds > 0 else None

    def _say(self, progress: Progress) -> None:
        self._step = progress.step
        self._spoke = monotonic()
        self._report(progress)
