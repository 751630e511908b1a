"""Logs that machines can read, that nobody can forge, and that hold no secrets."""

import errno
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat_bridge.logs import JsonLines, Plain, configure, masked


class Full(io.StringIO):
    """A disk without room."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


SECRET = "s3cr3t-Value_0123456789"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {SECRET}",
        f"authorization=Bearer {SECRET}",
        f"Authorization: Basic {SECRET}",
        f"{{'Authorization': 'Bearer {SECRET}'}}",
        f'{{"authorization": "Bearer {SECRET}"}}',
        f"X-Session-Token: {SECRET}",
        f"{{'X-Session-Token': '{SECRET}'}}",
        f'{{"session_token":"{SECRET}"}}',
        f"Cookie: theme=dark; cb_visitor={SECRET}",
        f"{{'Cookie': 'theme=dark; cb_visitor={SECRET}'}}",
        f"Set-Cookie: cb_visitor={SECRET}; HttpOnly",
        f"GET /ws?token={SECRET}&x=1",
        f"password: {SECRET}",
        f"PASSWORD='{SECRET}'",
        f"using key sk_ab12cd34_{SECRET} now",
    ],
)
def test_a_secret_is_masked(text: str) -> None:
    assert SECRET not in masked(text)
    assert "***" in masked(text)


@pytest.mark.parametrize("text", ["nothing to hide", "sk_ is a prefix", "job_AbC done in 3 s"])
def test_anything_else_is_kept(text: str) -> None:
    assert masked(text) == text


def record(message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("chat_bridge.api", logging.INFO, "", 1, message, arguments, None)


def test_a_line_is_one_object_whatever_it_says() -> None:
    forged = 'ok\n{"level": "info", "message": "forged"}\r\x1b[2J\u2028\u202e'
    line = JsonLines().format(record("said %s", forged))
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == f"said {forged}"


def test_a_line_says_when_who_and_what() -> None:
    entry = record("hello")
    entry.request_id = "f" * 32
    found = json.loads(JsonLines().format(entry))
    assert found.keys() == {"time", "level", "logger", "process", "message", "request_id"}
    assert (found["level"], found["request_id"]) == ("info", "f" * 32)


def test_a_trace_is_masked_too() -> None:
    entry = record("failed")
    try:
        raise ValueError(f"Bearer {SECRET}")
    except ValueError as error:
        entry.exc_info = (type(error), error, error.__traceback__)
    for formatter in (JsonLines(), Plain("web")):
        assert SECRET not in formatter.format(entry)
    assert "ValueError" in json.loads(JsonLines().format(entry))["trace"]


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    for handler in root.handlers:
        handler.close()
    root.handlers[:], root.level = handlers, level


def test_a_process_writes_to_its_file_and_to_the_terminal(
    root_logger: logging.Logger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("web", tmp_path / "logs", "info")
    logging.getLogger("chat_bridge").info("Bearer %s", SECRET)
    logging.getLogger("chat_bridge").debug("not asked for")
    (line,) = (tmp_path / "logs" / "web.log").read_text().splitlines()
    assert json.loads(line)["message"] == "Bearer ***"
    assert "Bearer ***" in capsys.readouterr().err
    assert (tmp_path / "logs").stat().st_mode & 0o077 == 0


def test_a_full_log_disk_fails_no_request(
    root_logger: logging.Logger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("web", tmp_path / "logs", "info")
    file = root_logger.handlers[1]
    assert isinstance(file, logging.FileHandler)
    kept, file.stream = file.stream, Full()  # type: ignore[assignment]  # a stream of its own kind
    logging.getLogger("chat_bridge").info("hello")
    file.stream = kept
    assert "log file unwritable" in capsys.readouterr().err
