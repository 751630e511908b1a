"""What a child does: confine itself, carry out one task, report, answer."""

import errno
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chat_bridge.errors import BridgeError, OutOfSpace, OutputTooLarge, SheetTooLarge
from chat_bridge.model import Limits, Profile, Progress, Run, RunResult, Source
from chat_bridge.worker.confinement import confine
from chat_bridge.worker.letters import Finished, Refused, receive, send

_REPORT_SECONDS = 0.3


@dataclass(frozen=True)
class Profiling:
    """The first look at an upload; `folder` is the child's to write into."""

    source: Source
    limits: Limits
    folder: Path


Task = Run | Profiling
CarryOut = Callable[[Task, "Reporter"], RunResult | Profile]


def answer(connection: socket.socket) -> None:
    answer_with(carry_out, connection)


def answer_with(work: CarryOut, connection: socket.socket) -> None:
    task = receive(connection)
    assert isinstance(task, Task)
    os.chdir(task.output_dir if isinstance(task, Run) else task.folder)
    confine(task.limits)
    reporter = Reporter(connection)
    try:
        value = work(task, reporter)
    except BridgeError as error:
        send(connection, Refused(error))
    except MemoryError:
        send(connection, Refused(out_of_memory(task.source.name, task.limits)))
    except OSError as error:
        send(connection, Refused(_no_room(error, task.limits)))
    else:
        reporter.flush()
        send(connection, Finished(value))


def carry_out(task: Task, reporter: "Reporter") -> RunResult | Profile:
    if isinstance(task, Run):
        from chat_bridge.workflow.run import execute

        reporter.report(Progress(step=0, rows_done=0, fraction=0.0))
        return execute(task, reporter.report)
    from chat_bridge.workflow.tables.reading import profile

    return profile(task.source, task.limits, task.folder)


def out_of_memory(name: str, limits: Limits) -> SheetTooLarge:
    return SheetTooLarge(
        name=name,
        actual="it needs more memory than one run may use",
        limit=f"{limits.memory >> 20:,} MiB",
    )


def _no_room(error: OSError, limits: Limits) -> BridgeError:
    if error.errno == errno.EFBIG:
        return OutputTooLarge(limit=f"{limits.output_bytes >> 20:,} MiB")
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return OutOfSpace()
    raise error


class Reporter:
    """The first report at once, then one every 0.3 s, and the last one always."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._next_at = 0.0
        self._waiting: Progress | None = None

    def report(self, progress: Progress) -> None:
        now = time.monotonic()
        if now < self._next_at:
            self._waiting = progress
            return
        self._next_at, self._waiting = now + _REPORT_SECONDS, None
        send(self._connection, progress)

    def flush(self) -> None:
        if self._waiting is not None:
            send(self._connection, self._waiting)
            self._waiting = None
