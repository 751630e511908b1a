"""Spreadsheets: our whole run against plain pandas and openpyxl, written as a good user would.

Three ways take turns, each in processes of its own; a ratio is the median over the rounds:
  job    as the worker runs it: a confined child of the nursery, from the call to its answer
  fresh  the same plan in a new Python that has to import everything first
  plain  pandas and openpyxl in a new Python
The goal is the ratio plain / job; peak memory is that of the child.

After them each operation has a small case of its own (bench.steps), 20,000 rows, or 200,000 with
--full; none may be slower than the plain way.

    python -m bench.tables [--full] [--quick] [--rounds 3] [--case xlsx-extract ...]
"""

import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import steps

if TYPE_CHECKING:
    from chat_bridge.model import Run

HEADER = ("id", "name", "email", "phone", "joined", "seen", "city", "amount", "visits", "notes")
NAMES = ("Ann Ärlig", "Bob O'Neil", "Zoë Łuć", "李雷", "Carla Müller")
CITIES = ("Berlin", "Köln", "Paris", "New York", "Lagos", "Lima", "Osaka", "Perth")


TO_SQL = (
    "/search city!=Berlin | normalize email=email_format name=title_case "
    "| extract name,email,city | to-sql table=people"
)


@dataclass(frozen=True)
class Case:
    name: str
    kind: str
    command: str
    rows: int
    faster: float
    peak_mib: int


EXTRACT = "/extract columns=name,email,city"
CASES = (
    Case("xlsx-extract", "xlsx", f"{EXTRACT} remove_duplicates=true", 100_000, 8, 200),
    Case("xlsx-search", "xlsx", "/search city=Berlin", 100_000, 8, 200),
    Case("csv-search", "csv", "/search city=Berlin", 1_000_000, 6, 400),
    Case("csv-extract", "csv", EXTRACT, 1_000_000, 6, 400),
    Case("csv-to-sql", "csv", TO_SQL, 1_000_000, 1, 400),
)


@dataclass(frozen=True)
class Measured:
    seconds: float
    peak_mib: float
    size: int


def people(rows: int) -> Iterator[tuple[str, ...]]:
    """The same people every time; three in ten have no notes."""
    chance = random.Random(7)
    for number in range(rows):
        day = f"{chance.randrange(1, 29):02d}"
        about = f"note {number}, about {chance.choice(CITIES)} and number {chance.randrange(10**6)}"
        yield (
            f"{number:08d}",
            f"{chance.choice(NAMES)} {number % 5000}",
            f"user{number % 70_000}@example.com",
            f"+49 {chance.randrange(10**9)}",
            f"20{chance.randrange(10, 25)}-0{chance.randrange(1, 10)}-{day}",
            f"20{chance.randrange(10, 25)}-1{chance.randrange(3)}-{day}",
            chance.choice(CITIES),
            f"{chance.random() * 1000:.2f}",
            str(chance.randrange(1000)),
            "" if chance.random() < 0.3 else about,
        )


def make_csv(path: Path, rows: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(people(rows))


def make_xlsx(path: Path, rows: int) -> None:
    """By openpyxl, with shared strings, numbers and real dates as Excel would save them."""
    import datetime as dt

    import openpyxl

    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Sheet1")
    sheet.append(HEADER)
    for person in people(rows):
        cells: list[object] = [cell or None for cell in person]
        cells[4] = dt.datetime.fromisoformat(person[4])
        cells[5] = dt.date.fromisoformat(person[5])
        cells[7], cells[8] = float(person[7]), int(person[8])
        sheet.append(cells)
    workbook.save(path)


def run_of(case: Case, source: Path, folder: Path) -> "Run":
    from chat_bridge.model import Plan, Run, Source
    from chat_bridge.workflow.plan import interpret

    plan = interpret(case.command)
    assert isinstance(plan, Plan)
    return Run(plan, Source(source, source.name), folder)


def fresh(case: Case, source: Path, folder: Path) -> Path:
    from chat_bridge.workflow.run import execute

    return execute(run_of(case, source, folder), lambda _progress: None).outputs[0].path


def job(case: Case, source: Path, folder: Path) -> dict[str, float]:
    """Not a process of its own but a child of the nursery; its peak is read while it lives."""
    from chat_bridge.worker import child

    child.warm_up()
    run = run_of(case, source, folder)
    peaks = [0.0]
    done = threading.Event()
    nursery = child._server._process
    assert nursery is not None
    watcher = threading.Thread(target=watch_peak, args=(nursery.pid, peaks, done))
    watcher.start()
    started = time.perf_counter()
    child.run_in_child(run, lambda _progress: None, lambda: False)
    seconds = time.perf_counter() - started
    done.set()
    watcher.join()
    child.shut_down()
    return {"seconds": seconds, "peak": max(peaks)}


def watch_peak(nursery: int, peaks: list[float], done: threading.Event) -> None:
    """The kernel keeps the highest mark, so only the last moments can be missed."""
    while not done.wait(0.005):
        try:
            children = Path(f"/proc/{nursery}/task/{nursery}/children").read_text().split()
            for pid in children:
                status = Path(f"/proc/{pid}/status").read_text()
                mark = status.partition("VmHWM:")[2].split(maxsplit=1)
                peaks.append(int(mark[0]) / 1024 if mark else 0.0)
        except OSError:
            continue


def plain(case: Case, source: Path, folder: Path) -> Path:
    import pandas as pd

    target = folder / f"plain.{case.kind}"
    if case.kind == "xlsx":
        table = pd.read_excel(source, dtype=str, keep_default_na=False, engine="openpyxl")
    else:
        table = pd.read_csv(source, dtype=str, keep_default_na=False)
    if case.command == TO_SQL:
        table = table[table["city"] != "Berlin"].assign(
            email=table["email"].str.lower(), name=table["name"].str.title()
        )
        target.write_text(steps.inserts(table[["name", "email", "city"]]))
        return target
    if case.command.startswith("/search"):
        table = table[table["city"] == "Berlin"]
    else:
        table = table[["name", "email", "city"]]
        if "duplicates" in case.command:
            table = table.drop_duplicates()
    if case.kind == "xlsx":
        table.to_excel(target, index=False, engine="openpyxl")
    else:
        table.to_csv(target, index=False)
    return target


def measured(way: str, case: Case, source: Path) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        program = [sys.executable, "-m", "bench.tables"]
        started = time.perf_counter()
        process = subprocess.Popen(
            [*program, "--child", way, case.name, str(source), folder], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{way} {case.name} failed")
    inner = json.loads(told)
    return Measured(
        seconds=inner.get("seconds", seconds),
        peak_mib=inner.get("peak", usage.ru_maxrss / 1024),
        size=inner["size"],
    )


def child(way: str, name: str, source: Path, folder: Path) -> None:
    case = next(case for case in CASES if case.name == name)
    told: dict[str, float] = {}
    if way == "job":
        told = job(case, source, folder)
    else:
        {"fresh": fresh, "plain": plain}[way](case, source, folder)
    (written,) = (path for path in folder.iterdir() if path.is_file())
    told["size"] = written.stat().st_size if case.kind == "csv" and case.command != TO_SQL else 0
    print(json.dumps(told))


def compare(case: Case, folder: Path, rows: int, rounds: int) -> bool:
    source = folder / f"{case.kind}-{rows}.{case.kind}"
    if not source.exists():
        (make_xlsx if case.kind == "xlsx" else make_csv)(source, rows)
    found: dict[str, list[Measured]] = {"job": [], "fresh": [], "plain": []}
    for round_ in range(rounds):
        for way in sorted(found, reverse=bool(round_ % 2)):
            found[way].append(measured(way, case, source))
    if len({one.size for ways in found.values() for one in ways}) != 1:
        raise SystemExit(f"{case.name}: the results differ in size")
    return show(case, rows, found)


def show(case: Case, rows: int, found: dict[str, list[Measured]]) -> bool:
    seconds = {way: statistics.median(m.seconds for m in ways) for way, ways in found.items()}
    peak = {way: max(m.peak_mib for m in ways) for way, ways in found.items()}
    ratios = {
        way: statistics.median(
            plain.seconds / one.seconds
            for one, plain in zip(found[way], found["plain"], strict=True)
        )
        for way in ("job", "fresh")
    }
    met = ratios["job"] >= case.faster and peak["job"] <= case.peak_mib
    verdict = "yes" if met else "NO"
    print(
        f"{case.name:<13}{rows:>9,}{seconds['job']:>8.2f}{seconds['fresh']:>8.2f}"
        f"{seconds['plain']:>8.2f}{ratios['job']:>7.1f}x{ratios['fresh']:>7.1f}x"
        f"{case.faster:>6.0f}x{peak['job']:>8.0f}{case.peak_mib:>7}{peak['plain']:>8.0f}  {verdict}"
    )
    return met


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one round and no verdict")
    parser.add_argument("--full", action="store_true", help="ten times the rows: minutes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", action="append", choices=[case.name for case in CASES])
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        way, name, source, folder = options.child
        child(way, name, Path(source), Path(folder))
        return
    print(
        f"{'case':<13}{'rows':>9}{'job s':>8}{'fresh s':>8}{'plain s':>8}{'job':>8}{'fresh':>8}"
        f"{'goal':>7}{'MiB':>8}{'goal':>7}{'plain':>8}  met"
    )
    rounds = 1 if options.quick else options.rounds
    with tempfile.TemporaryDirectory() as folder:
        met = [
            compare(case, Path(folder), case.rows // (1 if options.full else 10), rounds)
            for case in CASES
            if not options.case or case.name in options.case
        ]
        if not options.case:
            rows = 200_000 if options.full else 20_000
            slower = steps.compare(Path(folder), rows, 1 if options.quick else 3, make_csv)
            print(f"slower than plain: {', '.join(slower) or 'none'}")
            met.append(not slower)
    sys.exit(0 if options.quick or all(met) else 1)


if __name__ == "__main__":
    main()
