"""Real children: what they get, how they end, and that nothing of them is left."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat_bridge.errors import (
    BridgeError,
    FileHasDtd,
    JobCancelled,
    OutputTooLarge,
    SheetTooLarge,
    UnknownColumn,
    UnknownSheet,
)
from chat_bridge.model import Limits, Plan, Progress, Run, RunResult, Source
from chat_bridge.worker import child
from chat_bridge.workflow.plan import interpret
from tests import hostile, workbooks


@pytest.fixture(scope="module", autouse=True)
def _nursery() -> Iterator[None]:
    child.warm_up()
    yield
    child.shut_down()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


def people(path: Path, rows: int = 3) -> Source:
    lines = [f"{n},Ann {n},{'Berlin' if n % 3 else 'Paris'}" for n in range(rows)]
    path.write_text("\n".join(["id,name,city", *lines]) + "\n")
    return Source(path, path.name)


def run_of(command: str, source: Source, folder: Path, limits: Limits | None = None) -> Run:
    plan = interpret(command)
    assert isinstance(plan, Plan)
    folder.mkdir(exist_ok=True)
    return Run(plan, source, folder, limits=limits or Limits())


def run(task: Run, heard: list[Progress] | None = None) -> RunResult:
    reports: list[Progress] = [] if heard is None else heard
    return child.run_in_child(task, reports.append, lambda: False)


def resident() -> int:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_run_gives_its_files_and_counts(tmp_path: Path) -> None:
    heard: list[Progress] = []
    source = people(tmp_path / "people.csv")
    result = run(run_of("/search city=Berlin", source, tmp_path / "out"), heard)
    (output,) = result.outputs
    assert output.path.parent == tmp_path / "out"
    assert output.path.read_text() == "id,name,city\n1,Ann 1,Berlin\n2,Ann 2,Berlin\n"
    assert (output.rows, result.steps[0].rows_in, result.steps[0].rows_out) == (2, 3, 2)
    assert len(heard) >= 2
    assert heard[-1].rows_done == 3  # of those read


def test_reports_are_spaced_and_the_last_one_is_heard(tmp_path: Path) -> None:
    """By the child and by us in its silences, each of whom may be held up on the way."""
    heard: list[Progress] = []
    source = people(tmp_path / "people.csv", rows=300_000)
    task = run_of("/search city=Berlin", source, tmp_path / "out")
    started = time.monotonic()
    child.run_in_child(task, heard.append, lambda: False)
    assert len(heard) <= 3 + 6.2 * (time.monotonic() - started)
    assert heard[-1].rows_done == 300_000


def test_a_warm_child_starts_at_once(tmp_path: Path) -> None:
    source = people(tmp_path / "people.csv")
    child.profile_in_child(source, Limits(), tmp_path)

    def seconds() -> float:
        started = time.monotonic()
        assert child.profile_in_child(source, Limits(), tmp_path).rows == 3
        return time.monotonic() - started

    assert any(seconds() < 0.1 for _ in range(30)), "of thirty, as the machine may be busy"


def test_errors_come_back_as_what_they_were(tmp_path: Path) -> None:
    source = people(tmp_path / "people.csv")
    with pytest.raises(UnknownColumn) as refusal:
        run(run_of("/extract columns=nane", source, tmp_path / "out"))
    assert refusal.value.details["column"] == "nane"
    assert "nane" in refusal.value.message
    book = tmp_path / "book.xlsx"
    workbooks.package(book, {})
    with pytest.raises(UnknownSheet) as missing:
        run(run_of("/search name=Ann sheet=Other", Source(book, "book.xlsx"), tmp_path / "out"))
    assert missing.value.details["sheets"] == "'Sheet1'"


@pytest.mark.parametrize(
    "case",
    [*hostile.WORKBOOKS, *hostile.CSVS],
    ids=lambda case: case.name,
)
def test_hostile_files_do_not_touch_the_parent(
    case: hostile.Hostile, corpus: Path, tmp_path: Path
) -> None:
    path = case.write(corpus)
    before = resident()
    with pytest.raises(BridgeError) as refusal:
        child.profile_in_child(Source(path, case.name), Limits(cpu_seconds=3), tmp_path)
    assert refusal.value.code == case.code
    assert resident() - before < 8 * hostile.MIB


def test_what_the_guard_overlooks_kills_only_the_child(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    hostile.hidden_far_cell(path)
    for _ in range(2):
        with pytest.raises(SheetTooLarge, match=r"'far\.xlsx' .* 1,536 MiB"):
            child.profile_in_child(Source(path, "far.xlsx"), Limits(), tmp_path)
    assert child.profile_in_child(people(tmp_path / "people.csv"), Limits(), tmp_path).rows == 3


def test_an_honest_million_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    row = b",".join(b"cell number %d" % n for n in range(10)) + b"\n"
    path.write_bytes(b"a,b,c,d,e,f,g,h,i,j\n" + row * 1_000_000)
    assert path.stat().st_size > 134_000_000
    assert child.profile_in_child(Source(path, path.name), Limits(), tmp_path).rows == 1_000_000


def test_a_result_beyond_the_limit(tmp_path: Path) -> None:
    source = people(tmp_path / "people.csv", rows=20_000)
    limits = Limits(output_bytes=30_000)
    for command in ("/search city=Berlin", "/search city=Berlin | to-xlsx"):
        with pytest.raises(OutputTooLarge):
            run(run_of(command, source, tmp_path / "out", limits))


def test_cancelling_and_failing_listeners_end_the_child(tmp_path: Path) -> None:
    source = people(tmp_path / "people.csv", rows=300_000)
    task = run_of("/search city=Berlin", source, tmp_path / "out")
    with pytest.raises(JobCancelled):
        child.run_in_child(task, lambda _progress: None, lambda: True)

    def lost(_progress: Progress) -> None:
        raise FileHasDtd(name="any error of the caller")

    with pytest.raises(FileHasDtd):
        child.run_in_child(task, lost, lambda: False)


def test_runs_side_by_side(tmp_path: Path) -> None:
    found: dict[int, int | None] = {}

    def one(number: int) -> None:
        source = people(tmp_path / f"{number}.csv", rows=number)
        task = run_of("/search city=Berlin logic=or", source, tmp_path / f"out{number}")
        found[number] = run(task).steps[0].rows_in

    threads = [threading.Thread(target=one, args=(number,)) for number in (3, 30, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {3: 3, 30: 30, 300: 300}


def test_a_nursery_that_dies_is_replaced(tmp_path: Path) -> None:
    source = people(tmp_path / "people.csv")
    process = child._server._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert child.profile_in_child(source, Limits(), tmp_path).rows == 3


def test_the_main_module_of_the_worker_is_not_run_again(tmp_path: Path) -> None:
    source = people(tmp_path / "people.csv")
    script = tmp_path / "main.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nprint('main runs', __name__)\n"
        "from chat_bridge.model import Limits, Source\nfrom chat_bridge.worker import child\n"
        f"source = Source(Path({str(source.path)!r}), 'people.csv')\n"
        "print(child.profile_in_child(source, Limits(), Path.cwd()).rows)\n"
        "child.shut_down()\n"
    )
    ended = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert ended.stdout == "main runs __main__\n3\n"
