"""The spreadsheets of these journeys, and what a run has to make of them."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from functools import cache
from typing import Any

import openpyxl

COLUMNS = ("id", "name", "city", "email", "joined", "account", "notes")
JOINED = (dt.date(2023, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 12, 1), dt.date(1999, 7, 4))
PEOPLE = (
    ("00007", "Ada Lovelace", "Berlin", "ADA@Example.ORG", "12345678901234567890", "plain"),
    ("00042", "Łukasz Żółw 🐢", "Berlin", "lukasz@example.org", "00000000000000000001", "a, b"),
    ("10001", "山田 太郎", "東京", "taro@example.jp", "99999999999999999999", 'says "hi"'),
    ("00108", "Zoë O'Neil", "Berlin", " zoe@example.org ", "20202020202020202020", "two\nlines"),
)
ROWS = [
    (number, name, city, email, joined, account, notes)
    for (number, name, city, email, account, notes), joined in zip(PEOPLE, JOINED, strict=True)
]
PIPELINE = (
    "/search city=Berlin | normalize email=email_format"
    " | extract columns=id,name,email,joined,account,notes"
)
# What PIPELINE leaves, as text: three of four rows, and nothing but the e-mails has changed.
EXPECTED = [
    ["id", "name", "email", "joined", "account", "notes"],
    ["00007", "Ada Lovelace", "ada@example.org", "2023-01-31", "12345678901234567890", "plain"],
    ["00042", "Łukasz Żółw 🐢", "lukasz@example.org", "2024-02-29", "00000000000000000001", "a, b"],
    ["00108", "Zoë O'Neil", "zoe@example.org", "1999-07-04", "20202020202020202020", "two\nlines"],
]
# A workbook holds moments, not days, and so they are read.
EXPECTED_OF_BOOK = [EXPECTED[0]] + [
    [*row[:3], f"{row[3]} 00:00:00", *row[4:]] for row in EXPECTED[1:]
]


def workbook(rows: Sequence[Sequence[Any]] = ROWS) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def text(rows: Sequence[Sequence[Any]] = ROWS) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return target.getvalue().encode()


SLOW = "/dedupe | to-xlsx"


@cache
def large(rows: int) -> bytes:
    """Enough of the same to keep a worker busy: SLOW takes it a second for every 250,000."""
    lines = (f"{n:07},Person {n},City {n % 50},p{n}@Example.org\n" for n in range(rows))
    return ("id,name,city,email\n" + "".join(lines)).encode()


def cells(content: bytes) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
