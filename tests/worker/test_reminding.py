"""Progress is told at least twice a second, also while a child has nothing to say."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from chat_bridge.model import Plan, Progress, Run, Source
from chat_bridge.worker import child
from chat_bridge.workflow.plan import interpret

ROWS = 500
BUSY_SECONDS = 1.6


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
    heard: list[tuple[float, Progress]] = []

    def listen(progress: Progress) -> None:
        heard.append((time.monotonic(), progress))
        if len(heard) == 1:
            assert one._pid is not None
            os.kill(one._pid, signal.SIGSTOP)
            threading.Timer(BUSY_SECONDS, os.kill, (one._pid, signal.SIGCONT)).start()

    one = child._Child(Run(plan, source(tmp_path, kind), tmp_path), listen, lambda: False)
    one.outcome()
    during = [at for at, _ in heard if at - heard[0][0] < BUSY_SECONDS]
    assert len(during) >= 2 * BUSY_SECONDS
    assert max(later - earlier for earlier, later in pairwise(during)) < 1.0
    last = heard[-1][1]
    assert (last.rows_done, last.rows_total, last.fraction) == (ROWS, ROWS, 1.0)
