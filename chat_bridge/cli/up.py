"""`chat-bridge up`: web and worker processes together, restarted when one dies."""

import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import click

from chat_bridge import logs
from chat_bridge.cli.address import check_free, given
from chat_bridge.cli.banner import show
from chat_bridge.cli.options import DAMAGED_EXIT, PREPARED, config_option, loaded, prepared
from chat_bridge.config import Settings

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 35.0
LOOK_SECONDS = 0.2
ROTATE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 10.0
SOUND_SECONDS = 3.0  # what lived longer than this did not die of its start


@click.command()
@config_option
def up(config: str | None) -> None:
    """Start everything on this machine and keep it running until Ctrl-C."""
    settings = loaded(config)
    check_free(settings)
    first = prepared(settings)
    logs.configure("up", settings.logs, settings.log_level)
    show(settings, first)
    supervisor = Supervisor(commands(settings), settings.logs)
    signal.signal(signal.SIGTERM, supervisor.stop)
    signal.signal(signal.SIGINT, supervisor.stop)
    if not sys.stdin.isatty():  # a terminal that closes ends us, as it ends everything
        signal.signal(signal.SIGHUP, supervisor.reload)
    sys.exit(supervisor.run())


def commands(settings: Settings) -> list[list[str]]:
    program = [sys.executable, "-m", "chat_bridge"]
    ours = [PREPARED, str(os.getpid())]
    workers = [[*program, "worker", *ours] for _ in range(settings.job_workers)]
    return [[*program, "serve", *ours], *workers]


@dataclass
class Part:
    """One child process; a part that keeps dying is restarted ever more slowly."""

    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0

    @property
    def name(self) -> str:
        return self.command[3]

    @property
    def hint(self) -> signal.Signals:
        return signal.SIGHUP if self.name == "serve" else signal.SIGTERM


@dataclass
class Supervisor:
    commands: list[list[str]]
    logs: Path
    _stopping: bool = field(default=False, init=False)
    _reloading: bool = field(default=False, init=False)
    _rotated: float = field(default=float("-inf"), init=False)
    _exit_code: int = field(default=0, init=False)

    def stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def reload(self, number: int, frame: FrameType | None) -> None:
        self._reloading = True

    def run(self) -> int:
        """The exit code: 0 when somebody asked for the end."""
        parts = [Part(command) for command in self.commands]
        while not self._stopping:
            for part in parts:
                self._tend(part)
            if self._reloading:
                self._reloading = False
                self._replace(parts)
            self._rotate_logs()
            time.sleep(LOOK_SECONDS)
        self._end(parts)
        return self._exit_code

    def _replace(self, parts: list[Part]) -> None:
        """Fresh processes with the settings of now: serving hands over by itself, a worker gives
        its job back and is started again."""
        for part in parts:
            if part.process is not None:
                part.process.send_signal(part.hint)

    def _rotate_logs(self) -> None:
        now = time.monotonic()
        if now - self._rotated >= ROTATE_SECONDS:
            self._rotated = now
            logs.rotate(self.logs)

    def _tend(self, part: Part) -> None:
        now = time.monotonic()
        if part.process is not None:
            code = part.process.poll()
            if code is None:
                return
            part.deaths = part.deaths + 1 if now - part.started < SOUND_SECONDS else 0
            part.due = now + min(0.1 * 2**part.deaths, LONGEST_PAUSE_SECONDS)
            part.process = None
            if code == DAMAGED_EXIT:
                log.error("%s found the database damaged; everything ends", part.name)
                self._stopping, self._exit_code = True, code
                return
            log.warning("%s ended with %s; starting it again", part.name, code)
        if now >= part.due:
            # Its own session: Ctrl-C reaches us alone, and we end the parts in order.
            part.process = subprocess.Popen(part.command, start_new_session=True, pass_fds=given())
            part.started = now

    def _end(self, parts: list[Part]) -> None:
        running = [part.process for part in parts if part.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
