"""Progress is told at least twice a second, also while a child has nothing to say."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from chat_bridge.model import Plan, Progress, Run, Source
from chat_bridge.worker import child
from chat_bridge.workflow.plan import interpret

ROWS = 500
REMINDERS = 4


@pytest.fixture(scope="module", autouse=True)
def _nursery() -> Iterator[None]:
    child.warm_up()
    yield
    child.shut_down()


def source(folder: Path, kind: str) -> Source:
    lines = [["id", "city"], *([str(n), "Berlin"] for n in range(ROWS))]
    path = folder / f"people.{kind}"
    if kind == "csv":
        path.write_text("".join(",".join(line) + "\n" for line in lines))
    else:
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append(line)
        book.save(path)
    return Source(path, path.name)


@pytest.mark.parametrize(
    ("kind", "command"),
    [("csv", "/dedupe"), ("xlsx", "/dedupe"), ("csv", "/to-sql table=people")],
    ids=["csv", "xlsx", "sql"],
)
def test_a_silent_child_is_spoken_for(kind: str, command: str, tmp_path: Path) -> None:
    plan = interpret(command)
    assert isinstance(plan, Plan)
    heard: list[Progress] = []

    def listen(progress: Progress) -> None:
        heard.append(progress)
        assert one._pid is not None
        if len(heard) == 1:
            os.kill(one._pid, signal.SIGSTOP)
        if len(heard) == REMINDERS:
            os.kill(one._pid, signal.SIGCONT)

    one = child._Child(Run(plan, source(tmp_path, kind), tmp_path), listen, lambda: False)
    one.outcome()
    assert len(heard) > REMINDERS
    assert child._LOOK_SECONDS + child._SILENCE_SECONDS < 0.5
    last = heard[-1]
    assert (last.rows_done, last.rows_total, last.fraction) == (ROWS, ROWS, 1.0)
