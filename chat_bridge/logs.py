"""Structured logs: one JSON object a line, control characters escaped, secrets masked."""

import json
import logging
import logging.handlers
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from chat_bridge.model.logs import LogSizes

SECRETS = re.compile(
    r"""(sk_[0-9a-z]{8}_) [\w-]+
    | ((?:authorization|cookie) ["']?\ *[=:]\ *["']?) [^\r\n"']+
    | ((?:bearer|token|password) ["']?[=:\ ]+["']?) [^\s,;"']+""",
    re.IGNORECASE | re.VERBOSE,
)
ACCESS = "chat_bridge.access"
KEPT_FILES = 3
FILE_BYTES = 100 << 20
KEPT_DAYS = 30


def masked(text: str) -> str:
    return SECRETS.sub(lambda match: (match[1] or match[2] or match[3]) + "***", text)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": masked(record.getMessage()),
        }
        if request_id := getattr(record, "request_id", None):
            entry["request_id"] = request_id
        if record.exc_info:
            entry["trace"] = masked(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=True)


class Plain(logging.Formatter):
    """For a terminal."""

    def __init__(self, part: str) -> None:
        super().__init__(f"%(asctime)s {part:<6} %(levelname)-7s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def worth_a_glance(record: logging.LogRecord) -> bool:
    """The terminal leaves out requests that went well; the file has them all."""
    return record.name != ACCESS or record.levelno > logging.INFO


class ForgivingFile(logging.handlers.WatchedFileHandler):
    """Several processes append to one file and notice when it was rotated. A full log disk must
    not fail a request."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        sys.stderr.write(f"log file unwritable: {self.baseFilename}\n")


def configure(part: str, folder: Path, level: str) -> None:
    """Logs of one process: to the terminal for people, to `<folder>/<part>.log` for machines."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setFormatter(Plain(part))
    terminal.addFilter(worth_a_glance)
    file = ForgivingFile(folder / f"{part}.log")
    file.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [terminal, file]
    root.setLevel(level.upper())


def rotate(folder: Path) -> None:
    """Sets large logs aside as `<part>.log.1` … and forgets the oldest; for one process to call."""
    for log in folder.glob("*.log"):
        if log.stat().st_size < FILE_BYTES:
            continue
        for number in range(KEPT_FILES - 1, 0, -1):
            older = log.with_name(f"{log.name}.{number}")
            if older.exists():
                older.rename(log.with_name(f"{log.name}.{number + 1}"))
        log.rename(log.with_name(f"{log.name}.1"))


def clean_up(folder: Path) -> LogSizes:
    """Rotates what is large, deletes what was set aside long ago, and says what is left."""
    rotate(folder)
    oldest = time.time() - KEPT_DAYS * 86_400
    for backup in folder.glob("*.log.*"):
        if backup.stat().st_mtime < oldest:
            backup.unlink(missing_ok=True)
    current = [log.stat().st_size for log in folder.glob("*.log")]
    backups = [log.stat().st_size for log in folder.glob("*.log.*")]
    return LogSizes(sum(current), sum(current) + sum(backups), len(backups))
