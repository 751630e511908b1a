"""Reading logs backwards: over blocks, over files set aside, by request and by level."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chat_bridge.domain import log_book
from chat_bridge.domain.log_book import LogBook, LogFilter


def line(number: int, level: str = "info", **more: str) -> str:
    told = {"time": f"2026-11-21T10:00:{number:02}.000+00:00", "level": level, "logger": "x",
            "process": 1, "message": f"line {number}", **more}  # fmt: skip
    return json.dumps(told) + "\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    def written(name: str, *lines: str) -> None:
        (tmp_path / name).write_text("".join(lines))

    return written


@pytest.fixture
def book(tmp_path: Path) -> LogBook:
    return LogBook(tmp_path)


def texts(book: LogBook, limit: int = 100, **wanted: str) -> list[str]:
    return [entry.text for entry in book.entries(LogFilter(**wanted), limit)]


def test_the_newest_of_all_processes_come_first(book: LogBook, write: Callable[..., None]) -> None:
    write("web.log", line(1), line(4))
    write("worker.log", line(2), line(3))
    assert book.parts() == ["web", "worker"]
    assert texts(book) == ["line 4", "line 3", "line 2", "line 1"]
    assert texts(book, limit=2) == ["line 4", "line 3"]
    assert texts(book, part="worker") == ["line 3", "line 2"]


@pytest.mark.parametrize(
    "words", ["Ümlaut", "ümlaut", '"level": "debug"', "back\\slash", "LINE of"]
)
def test_words_are_found_however_json_writes_them(
    book: LogBook, write: Callable[..., None], words: str
) -> None:
    said = 'A line of Ümlaut, back\\slash and "level": "debug"'
    write("web.log", line(1, message=said), line(2))
    assert texts(book, words=words) == [said]


def test_pages_tear_no_moment_apart(book: LogBook, write: Callable[..., None]) -> None:
    write("web.log", *(line(1, message=f"part {number}") for number in range(5)), line(2))
    first = book.entries(LogFilter(), 3)
    rest = book.entries(LogFilter(before=first[-1].time, seen=2), 9)
    assert sorted(entry.text for entry in [*first, *rest]) == sorted(
        ["line 2", *(f"part {number}" for number in range(5))]
    )


def test_files_set_aside_follow(book: LogBook, write: Callable[..., None]) -> None:
    write("web.log", line(5))
    write("web.log.1", line(3), line(4))
    write("web.log.2", line(1), line(2))
    assert texts(book) == [f"line {number}" for number in (5, 4, 3, 2, 1)]


@pytest.mark.parametrize("block", [1, 7, 64, 1 << 16])
def test_lines_are_whole_whatever_the_block(
    book: LogBook, write: Callable[..., None], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_book, "BLOCK", block)
    write("web.log", *(line(number) for number in range(9)))
    assert texts(book) == [f"line {number}" for number in range(8, -1, -1)]


def test_only_so_much_is_looked_through(
    book: LogBook, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_book, "MOST_BYTES", 2 * len(line(1)) + 20)
    write("web.log", *(line(number) for number in range(9)))
    assert texts(book) == ["line 8", "line 7"]


def test_by_request_level_words_and_time(book: LogBook, write: Callable[..., None]) -> None:
    write("web.log", line(1, request_id="r1"), line(2, "error", request_id="r2", trace="T"),
          line(3, "warning"), line(4, "debug"))  # fmt: skip
    assert texts(book, request_id="r1") == ["line 1"]
    assert texts(book, level="warning") == ["line 3", "line 2"]
    assert texts(book, level="debug")[0] == "line 4"
    assert texts(book, words="LINE 2") == ["line 2"]
    assert texts(book, before="2026-11-21T10:00:02.000+00:00") == ["line 1"]
    (entry,) = book.entries(LogFilter(request_id="r2"), 10)
    assert (entry.trace, entry.part) == ("T", "web")


def test_other_lines_are_passed_over(book: LogBook, write: Callable[..., None]) -> None:
    write("web.log", "Traceback: something\n", '{"level": 1}\n', "[]\n", line(1), "{half")
    assert texts(book) == ["line 1"]


def test_no_logs_no_entries(book: LogBook) -> None:
    assert texts(book) == []
