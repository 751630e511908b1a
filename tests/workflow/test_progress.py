from pathlib import Path

import polars as pl
import pytest

from chat_bridge.errors import UnknownColumn
from chat_bridge.model import Plan, Run, Source, StepCount
from chat_bridge.workflow.plan import interpret
from chat_bridge.workflow.progress import Watch
from chat_bridge.workflow.run import execute
from chat_bridge.workflow.tables.frames import Table
from chat_bridge.workflow.tally import Tally
from tests.workflow.operations.running import Reports


def opened(tallies: list[Tally | None], source: Tally | None = None) -> tuple[Watch, Reports]:
    reports = Reports()
    watch = Watch(reports, steps=len(tallies))
    table = Table(pl.LazyFrame({"a": []}), ("a",), kind="csv", rows=100)
    watch.opened(table)
    watch.follow(source, tallies)
    return watch, reports


def test_it_begins_at_nothing_and_ends_at_everything() -> None:
    watch, reports = opened([None])
    watch.finished((StepCount(100, 100),))
    assert (reports[0].step, reports[0].rows_done, reports[0].fraction) == (0, 0, 0.0)
    assert (reports[-1].rows_done, reports[-1].rows_total, reports[-1].fraction) == (100, 100, 1.0)


def test_every_step_is_spoken_of_in_order() -> None:
    watch, reports = opened([None, Tally(rows=10), None], Tally(rows=10))
    watch.wrote(5)
    watch.finished((StepCount(100, 100), StepCount(100, 10), StepCount(10, 10)))
    steps = [report.step for report in reports]
    assert steps == sorted(steps)
    assert set(steps) == {0, 1, 2}


def test_a_step_that_let_nothing_through_yet_is_the_one_at_work() -> None:
    waiting = Tally()
    watch, reports = opened([None, waiting, None], Tally(rows=100))
    watch.wrote(0)
    assert reports[-1].step == 1
    waiting.rows = 40
    watch.wrote(20)
    assert reports[-1].step == 2


def test_the_fraction_never_falls_and_ends_only_at_the_end() -> None:
    last = Tally()
    source = Tally(rows=100)
    watch, reports = opened([last], source)
    watch._spoke = -1.0
    last.rows = 100
    for written in (100, 1, 50):
        watch._spoke = -1.0
        watch.wrote(written)
    fractions = [report.fraction or 0.0 for report in reports]
    assert fractions == sorted(fractions)
    assert fractions[-1] < 1.0


def test_reports_are_not_sent_for_every_batch() -> None:
    watch, reports = opened([None])
    before = len(reports)
    for rows in range(1000):
        watch.wrote(rows)
    assert len(reports) - before < 100


def test_how_many_rows_there_are_is_said_before_a_step_looks(tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_text("name,city\nAnn,Oslo\nBob,Rome\n")
    plan = interpret("/describe nope")
    assert isinstance(plan, Plan)
    reports = Reports()
    with pytest.raises(UnknownColumn):
        execute(Run(plan, Source(source, source.name), tmp_path), reports)
    assert reports[-1].rows_total == 2
