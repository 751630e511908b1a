"""Runs what touches people's files in a confined child process, and says why one died.

Both calls may come from any thread; `warm_up` saves the first one the imports.
"""

import logging
import os
import selectors
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from chat_bridge.errors import JobCancelled, JobFailed, JobTimedOut, OutputTooLarge
from chat_bridge.model import Limits, Profile, Progress, Run, RunResult, Source
from chat_bridge.worker.fork_server import Birth, ForkServer
from chat_bridge.worker.inside import Profiling, Task, out_of_memory
from chat_bridge.worker.letters import Finished, Mailbox, Refused, send
from chat_bridge.worker.nursery import NUMBER

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.1  # between looks at the clock and at should_stop
_SILENCE_SECONDS = 0.35  # with a look: progress is told twice a second at least
_OUT_OF_MEMORY = frozenset({signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS})
_KILLED = "The process that did the work was ended from outside."

_server = ForkServer()


def warm_up() -> None:
    _server.ensure()


def shut_down() -> None:
    _server.stop()


def run_in_child(
    run: Run, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]
) -> RunResult:
    """Raises the error the run ended with, JobCancelled, JobTimedOut, OutputTooLarge, or a plain
    JobFailed for a defect of ours."""
    result = _Child(run, on_progress, should_stop).outcome()
    assert isinstance(result, RunResult)
    return result


def profile_in_child(source: Source, limits: Limits, folder: Path) -> Profile:
    """`folder` is the caller's to remove, as a run's is: whatever ends us, it is swept."""
    task = Profiling(source, limits, folder)
    result = _Child(task, lambda _progress: None, lambda: False).outcome()
    assert isinstance(result, Profile)
    return result


class _Child:
    """One child from its birth to its end."""

    def __init__(
        self, task: Task, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]
    ) -> None:
        self._task, self._on_progress, self._should_stop = task, on_progress, should_stop
        self._began = time.monotonic()
        self._deadline = self._began + task.limits.wall_seconds
        self._answer: Finished | Refused | None = None
        self._last: Progress | None = None
        self._told = self._began
        self._pid: int | None = None
        self._status: int | None = None

    def outcome(self) -> RunResult | Profile:
        birth = _server.spawn()
        try:
            self._converse(birth)
        finally:
            self._bury(birth.watch)
            birth.connection.close()
            os.close(birth.watch)
        if isinstance(self._answer, Finished):
            return self._answer.value
        if isinstance(self._answer, Refused):
            raise self._answer.error
        self._explain()

    def _converse(self, birth: Birth) -> None:
        """Until the child has answered, or ended and everything it said was heard."""
        with suppress(BrokenPipeError):
            send(birth.connection, self._task)
        mailbox = Mailbox(birth.connection)
        with selectors.DefaultSelector() as selector:
            selector.register(birth.connection, selectors.EVENT_READ)
            selector.register(birth.watch, selectors.EVENT_READ)
            while self._answer is None and selector.get_map():
                ready = [key.fileobj for key, _ in selector.select(_LOOK_SECONDS)]
                if birth.watch in ready and not self._watch(birth.watch):
                    selector.unregister(birth.watch)
                if birth.connection in ready:
                    for letter in mailbox.collect():
                        self._hear(letter)
                    if mailbox.ended:
                        selector.unregister(birth.connection)
                self._look_around()

    def _watch(self, watch: int) -> bool:
        told = os.read(watch, NUMBER.size)
        if not told:
            return False
        (number,) = NUMBER.unpack(told)
        if self._pid is None:
            self._pid = number
        else:
            self._status = number
        return True

    def _hear(self, letter: object) -> None:
        if isinstance(letter, Progress):
            self._last, self._told = letter, time.monotonic()
            self._on_progress(letter)
        elif isinstance(letter, Finished | Refused):
            self._answer = letter

    def _look_around(self) -> None:
        if self._answer is not None or self._status is not None:
            return  # it has made it
        if self._should_stop():
            raise JobCancelled
        if time.monotonic() > self._deadline:
            raise JobTimedOut(seconds=round(self._task.limits.wall_seconds))
        self._remind()

    def _remind(self) -> None:
        """A library that works on one large thing lets the child say nothing meanwhile."""
        now = time.monotonic()
        if self._last is not None and now - self._told >= _SILENCE_SECONDS:
            self._told = now
            pace = round(self._last.rows_done / (now - self._began), 1)
            self._on_progress(replace(self._last, rows_per_second=pace))

    def _bury(self, watch: int) -> None:
        """Ends the child's whole group; after an answer nobody waits for its last breath. Its
        number is nobody else's before the nursery has told the status."""
        if self._pid is None:
            self._watch(watch)
        if self._pid is not None and self._status is None:
            with suppress(ProcessLookupError):
                os.killpg(self._pid, signal.SIGKILL)
            with suppress(ProcessLookupError):  # it may not lead a group yet
                os.kill(self._pid, signal.SIGKILL)
            if self._answer is None:
                self._watch(watch)

    def _explain(self) -> NoReturn:
        limits, name = self._task.limits, self._task.source.name
        status = self._status
        ended_by = os.WTERMSIG(status) if status is not None and os.WIFSIGNALED(status) else None
        used_up = time.monotonic() - self._began >= limits.cpu_seconds
        if ended_by == signal.SIGXCPU or (ended_by == signal.SIGKILL and used_up):
            raise JobTimedOut(seconds=limits.cpu_seconds)
        if ended_by == signal.SIGKILL:
            # No limit of ours kills so: a person did, or the kernel for want of memory elsewhere.
            raise JobFailed(_KILLED)
        if ended_by == signal.SIGXFSZ:
            raise OutputTooLarge(limit=f"{limits.output_bytes >> 20:,} MiB")
        if ended_by in _OUT_OF_MEMORY:
            raise out_of_memory(name, limits)
        log.error("a child ended without an answer, wait status %s", status)
        raise JobFailed
