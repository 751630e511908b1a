"""Which processes of this installation live, told by rows that they keep fresh."""

import logging
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chat_bridge.errors import BridgeError
from chat_bridge.ports import Beat, Clock, Store

log = logging.getLogger(__name__)
BEAT_SECONDS = 5.0
ALIVE_MS = 15_000
HALVES = ("bridge", "control")


@dataclass(frozen=True)
class Processes:
    """`kind` is what this process is: `web` has both halves, `bridge` and `control` one each."""

    store: Store
    clock: Clock
    kind: str = "web"

    def lives(self, name: str) -> None:
        beat = Beat(name, self.clock.boot_ms() + ALIVE_MS, self.clock.boot_id())
        with self.store.write():
            self.store.processes.beat(beat, kind=self.kind, pid=os.getpid(), now=self.clock.now())

    def leaves(self, name: str) -> None:
        long_ago = self.clock.boot_ms() - 100 * ALIVE_MS
        with self.store.write():
            self.store.processes.forget(name, self.clock.boot_id(), long_ago)

    def alive(self) -> Mapping[str, int]:
        """How many of each kind; kinds that belong here and are missing count 0."""
        found = self.store.processes.alive(self.clock.boot_ms(), self.clock.boot_id())
        split = self.kind in HALVES or any(half in found for half in HALVES)
        expected = HALVES if split else ("web",)
        return dict.fromkeys((*expected, "worker"), 0) | dict(sorted(found.items()))

    def up_since(self) -> str | None:
        """When the oldest web process that lives began."""
        return self.store.processes.up_since(self.clock.boot_ms(), self.clock.boot_id())


class Heartbeat:
    """Keeps the row of one process fresh, from `start` to `stop`, and does the `chores` at
    each beat: what must not wait for a worker where none runs."""

    def __init__(self, processes: Processes, *chores: Callable[[], None]) -> None:
        self._chores = chores
        self.name = f"{processes.kind}-{os.getpid()}-{secrets.token_hex(3)}"
        self._processes = processes
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(BEAT_SECONDS)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._attempt(lambda: self._processes.lives(self.name))
            for chore in self._chores:
                self._attempt(chore)
            self._stopped.wait(BEAT_SECONDS)
        self._attempt(lambda: self._processes.leaves(self.name))

    def _attempt(self, act: Callable[[], None]) -> None:
        try:
            act()
        except BridgeError as error:
            log.warning("no heartbeat: %s", error)
        except Exception:
            log.exception("no heartbeat")
