"""A small process that has imported the table libraries, never executed them, and forks one
child per run: milliseconds instead of the second a fresh start takes.

The worker itself is multi-threaded and holds the database, so it must not fork. The standard
library's fork server imports its caller's main module again in every child and passes the
caller's environment on; this one knows neither.

A request is one byte with two descriptors: the child's socket, and the pipe on which first its
pid and, when it has ended, its wait status are told.
"""

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Callable

SPAWN = b"s"
NUMBER = struct.Struct("<i")

# All that any run needs: a child that had to import the operations would start twice as late.
PRELOADED = (
    "chat_bridge.workflow.tables.preloaded",
    "chat_bridge.workflow.run",
    "chat_bridge.workflow.operations",
    "encodings.utf_8_sig",
    "encodings.utf_16_le",
)


def main(descriptor: int) -> None:
    from chat_bridge.worker.confinement import leave_network
    from chat_bridge.worker.inside import answer

    for name in PRELOADED:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)
    gc.freeze()  # a child's collections would copy the pages of what all have in common
    leave_network()
    with socket.socket(fileno=descriptor) as control:
        control.send(SPAWN)
        Nursery(control, answer).serve()


class Nursery:
    def __init__(self, control: socket.socket, run: Callable[[socket.socket], None]) -> None:
        self._control, self._run = control, run
        self._watchers: dict[int, int] = {}
        self._woken, self._wake = socket.socketpair()

    def serve(self) -> None:
        """Until the worker is gone; its children go with it."""
        for end in (self._woken, self._wake):
            end.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            alive = True
            while alive:
                ready = [key.fileobj for key, _ in selector.select()]
                if self._woken in ready:
                    self._reap()
                if self._control in ready:
                    alive = self._spawn()
        for pid in self._watchers:
            _kill_group(pid)

    def _spawn(self) -> bool:
        request, descriptors, _, _ = socket.recv_fds(self._control, 1, 2)
        if not request:
            return False
        child_end, watcher = descriptors
        pid = os.fork()
        if pid == 0:
            self._become_child(child_end, watcher)
        os.close(child_end)
        self._watchers[pid] = watcher
        _tell(watcher, pid)
        return True

    def _become_child(self, child_end: int, watcher: int) -> None:
        status = 1
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in (self._control, self._woken, self._wake):
                end.close()
            for inherited in (watcher, *self._watchers.values()):
                os.close(inherited)
            with socket.socket(fileno=child_end) as connection:
                self._run(connection)
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
            raise
        finally:
            sys.stderr.flush()
            os._exit(status)

    def _reap(self) -> None:
        """The group is ended while its leader is still a zombie, so that no other process can
        have got its number."""
        with contextlib.suppress(BlockingIOError):
            while self._woken.recv(4096):
                pass
        while self._watchers:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            _kill_group(ended.si_pid)
            pid, status = os.waitpid(ended.si_pid, 0)
            watcher = self._watchers.pop(pid)
            _tell(watcher, status)
            os.close(watcher)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _tell(watcher: int, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(watcher, NUMBER.pack(number))


if __name__ == "__main__":
    main(int(sys.argv[1]))
