"""What the processes wrote into their logs, newest first, for a person who looks for something."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any

from chat_bridge.model import LogEntry

LEVELS = ("debug", "info", "warning", "error", "critical")
BLOCK = 64 << 10
MOST_BYTES = 16 << 20  # looked through in one log; older lines are for `grep`
LONGEST_TEXT = 4_000


@dataclass(frozen=True)
class LogFilter:
    """`level` is the least one shown; `before` is the time of the last entry of the page before,
    `seen` how many of that time it has shown."""

    request_id: str | None = None
    level: str = "info"
    part: str | None = None
    words: str | None = None
    before: str | None = None
    seen: int = 0


@dataclass(frozen=True)
class LogBook:
    folder: Path

    def parts(self) -> list[str]:
        """Of which kinds of process there are logs."""
        return sorted(path.stem for path in self.folder.glob("*.log"))

    def entries(self, wanted: LogFilter, limit: int) -> list[LogEntry]:
        parts = [part for part in self.parts() if wanted.part in (None, part)]
        streams = [self._entries_of(part, wanted) for part in parts]
        newest_first = merge(*streams, key=lambda entry: entry.time, reverse=True)
        return list(islice(_behind(newest_first, wanted), limit))

    def _entries_of(self, part: str, wanted: LogFilter) -> Iterator[LogEntry]:
        left = MOST_BYTES
        hopeless = _hopeless(wanted)
        for path in self._files(part):
            for line in _backwards(path, left):
                if hopeless(line):
                    continue
                entry = _entry(part, line)
                if entry is not None and _fits(entry, wanted):
                    yield entry
            left -= _size(path)
            if left <= 0:
                return

    def _files(self, part: str) -> list[Path]:
        """The one being written, then those set aside, newest first."""
        aside = self.folder.glob(f"{part}.log.*")
        numbered = [path for path in aside if path.suffix[1:].isdigit()]
        return [self.folder / f"{part}.log", *sorted(numbered, key=lambda p: int(p.suffix[1:]))]


def _behind(entries: Iterable[LogEntry], wanted: LogFilter) -> Iterator[LogEntry]:
    """Without those of the last moment that were shown already."""
    left = wanted.seen
    for entry in entries:
        if left and entry.time == wanted.before:
            left -= 1
        else:
            yield entry


def _hopeless(wanted: LogFilter) -> Callable[[bytes], bool]:
    """Says of a line at a glance that it cannot fit: reading its JSON takes ten times as long."""
    named = (wanted.request_id or "", wanted.words or "")
    sought = [word.lower().encode() for word in named if json.dumps(word) == f'"{word}"']
    lesser = [f'"level": "{level}"'.encode() for level in LEVELS[: LEVELS.index(wanted.level)]]

    def cannot_fit(line: bytes) -> bool:
        plain = line.lower()
        return any(word not in plain for word in sought) or any(level in line for level in lesser)

    return cannot_fit


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # rotated away meanwhile
        return 0


def _backwards(path: Path, most: int) -> Iterator[bytes]:
    """The lines of a file from its end, of its last `most` bytes."""
    try:
        file = path.open("rb")
    except OSError:  # rotated away meanwhile
        return
    with file:
        position = file.seek(0, os.SEEK_END)
        end = max(0, position - most)
        rest = b""
        while position > end:
            size = min(BLOCK, position - end)
            position -= size
            file.seek(position)
            first, *lines = (file.read(size) + rest).split(b"\n")
            yield from (line for line in reversed(lines) if line)
            rest = first
        if rest and end == 0:
            yield rest


def _entry(part: str, line: bytes) -> LogEntry | None:
    """None for a line that is not one of ours."""
    try:
        told = json.loads(line)
        return _from(part, told)
    except (ValueError, KeyError, TypeError):
        return None


def _from(part: str, told: Mapping[str, Any]) -> LogEntry:
    return LogEntry(
        time=str(told["time"]),
        level=str(told["level"]),
        part=part,
        logger=str(told["logger"]),
        text=str(told["message"])[:LONGEST_TEXT],
        request_id=told.get("request_id"),
        trace=told.get("trace"),
    )


def _fits(entry: LogEntry, wanted: LogFilter) -> bool:
    if wanted.before is not None and (
        entry.time > wanted.before or (entry.time == wanted.before and not wanted.seen)
    ):
        return False
    if wanted.request_id is not None and entry.request_id != wanted.request_id:
        return False
    if entry.level not in LEVELS or LEVELS.index(entry.level) < LEVELS.index(wanted.level):
        return False
    return wanted.words is None or wanted.words.lower() in entry.text.lower()
