"""Spreadsheets: our whole run against plain pandas and openpyxl, written as a good user would.

Each measurement is a process of its own, so that its peak memory is its own and imports count on
both sides. The two take turns; the ratio shown is the median of the pairs.

    python -m bench.tables [--quick] [--rounds 3] [--case xlsx-extract ...]
"""

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEADER = ("id", "name", "email", "phone", "joined", "seen", "city", "amount", "visits", "notes")
NAMES = ("Ann Ärlig", "Bob O'Neil", "Zoë Łuć", "李雷", "Carla Müller")
CITIES = ("Berlin", "Köln", "Paris", "New York", "Lagos", "Lima", "Osaka", "Perth")


@dataclass(frozen=True)
class Case:
    name: str
    kind: str
    command: str
    rows: int
    faster: float
    peak_mib: int


CASES = (
    Case(
        "xlsx-extract",
        "xlsx",
        "/extract columns=name,email,city remove_duplicates=true",
        100_000,
        8,
        200,
    ),
    Case("xlsx-search", "xlsx", "/search city=Berlin", 100_000, 8, 200),
    Case("csv-search", "csv", "/search city=Berlin", 1_000_000, 6, 400),
    Case("csv-extract", "csv", "/extract columns=name,email,city", 1_000_000, 6, 400),
)


@dataclass(frozen=True)
class Measured:
    seconds: float
    cpu: float
    peak_mib: float


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


def ours(case: Case, source: Path, folder: Path) -> Path:
    from chat_bridge.model import Plan, Run, Source
    from chat_bridge.workflow.plan import interpret
    from chat_bridge.workflow.run import execute

    plan = interpret(case.command)
    assert isinstance(plan, Plan)
    result = execute(Run(plan, Source(source, source.name), folder), lambda _progress: None)
    return result.outputs[0].path


def plain(case: Case, source: Path, folder: Path) -> Path:
    import pandas as pd

    target = folder / f"plain.{case.kind}"
    if case.kind == "xlsx":
        table = pd.read_excel(source, dtype=str, keep_default_na=False, engine="openpyxl")
    else:
        table = pd.read_csv(source, dtype=str, keep_default_na=False)
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


WAYS = {"ours": ours, "plain": plain}


def measured(way: str, case: Case, source: Path) -> tuple[Measured, str]:
    with tempfile.TemporaryDirectory() as folder:
        program = [
            sys.executable,
            "-m",
            "bench.tables",
            "--child",
            way,
            case.name,
            str(source),
            folder,
        ]
        started = time.perf_counter()
        process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        told = process.stdout.read().strip()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{way} {case.name} failed")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), told


def child(way: str, name: str, source: Path, folder: Path) -> None:
    case = next(case for case in CASES if case.name == name)
    path = WAYS[way](case, source, folder)
    print(path.stat().st_size if path.suffix == ".csv" else "written")


def compare(case: Case, folder: Path, rows: int, rounds: int) -> bool:
    source = folder / f"{case.kind}-{rows}.{case.kind}"
    if not source.exists():
        (make_xlsx if case.kind == "xlsx" else make_csv)(source, rows)
    pairs = []
    for round_ in range(rounds):
        order = ("ours", "plain") if round_ % 2 else ("plain", "ours")
        found = {way: measured(way, case, source) for way in order}
        if found["ours"][1] != found["plain"][1]:
            raise SystemExit(f"{case.name}: the two results differ in size")
        pairs.append((found["ours"][0], found["plain"][0]))
    ratio = statistics.median(plain.seconds / ours.seconds for ours, plain in pairs)
    cpu = statistics.median(plain.cpu / ours.cpu for ours, plain in pairs)
    mine = statistics.median(ours.seconds for ours, _ in pairs)
    theirs = statistics.median(plain.seconds for _, plain in pairs)
    peak = max(ours.peak_mib for ours, _ in pairs)
    their_peak = max(plain.peak_mib for _, plain in pairs)
    met = ratio >= case.faster and peak <= case.peak_mib
    verdict = "yes" if met else "NO"
    print(
        f"{case.name:<13}{rows:>9,}{mine:>8.2f}{theirs:>8.2f}{ratio:>7.1f}x{cpu:>7.1f}x"
        f"{case.faster:>6.0f}x{peak:>8.0f}{case.peak_mib:>7}{their_peak:>8.0f}  {verdict}"
    )
    return met


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", action="append", choices=[case.name for case in CASES])
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        way, name, source, folder = options.child
        child(way, name, Path(source), Path(folder))
        return
    print(
        f"{'case':<13}{'rows':>9}{'ours s':>8}{'plain s':>8}{'faster':>8}{'cpu':>8}{'goal':>7}"
        f"{'MiB':>8}{'goal':>7}{'plain':>8}  met"
    )
    rounds = 1 if options.quick else options.rounds
    with tempfile.TemporaryDirectory() as folder:
        met = [
            compare(case, Path(folder), case.rows // (10 if options.quick else 1), rounds)
            for case in CASES
            if not options.case or case.name in options.case
        ]
    sys.exit(0 if options.quick or all(met) else 1)


if __name__ == "__main__":
    main()
