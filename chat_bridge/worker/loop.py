"""The worker: claims jobs like any agent claims messages, one at a time, and keeps their leases."""

import logging
import os
import secrets
import select
import threading
import time

from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.upkeep import Upkeep
from chat_bridge.errors import BridgeError
from chat_bridge.model import Job, Limits
from chat_bridge.ports import Engine, Listener
from chat_bridge.worker.handle import Handler

log = logging.getLogger(__name__)
BEAT_SECONDS = 4.0
LOOK_SECONDS = 1.0
SETTLE_SECONDS = 0.005
REST_AFTER_FAULT_SECONDS = 1.0


class Worker:
    def __init__(self, bridge: Bridge, engine: Engine, limits: Limits, upkeep: Upkeep) -> None:
        self.name = f"worker-{os.getpid()}-{secrets.token_hex(3)}"
        self._bridge = bridge
        self._engine = engine
        self._upkeep = upkeep
        self._stopped = threading.Event()
        self._job: Job | None = None
        self._looked_at = float("-inf")
        self._handler = Handler(bridge, engine, limits, self._stopped.is_set)

    def run(self) -> None:
        """Works until `stop`; a job under way is then given back to the queue."""
        listener = self._bridge.wakeup.listen()
        beats = threading.Thread(target=self._beat, name="beats", daemon=True)
        beats.start()
        self._engine.warm_up()
        log.info("worker %s is ready", self.name)
        try:
            while not self._stopped.is_set():
                if not self._attempt():
                    self._rest(listener)
        finally:
            self._stopped.set()
            beats.join(BEAT_SECONDS)
            self._engine.shut_down()
            self._take_leave()
            listener.close()

    def stop(self) -> None:
        self._stopped.set()

    def _take_leave(self) -> None:
        try:
            self._bridge.jobs.worker_leaves(self.name)
        except BridgeError as error:
            log.warning("no leave taken: %s", error)

    def _attempt(self) -> bool:
        """One unit of work; False when there is none. A fault of ours never ends the loop."""
        try:
            return self.work_once()
        except BridgeError as error:
            log.warning("the worker has to wait: %s", error)
        except Exception:
            log.exception("unexpected failure in the worker")
        self._stopped.wait(REST_AFTER_FAULT_SECONDS)
        return True

    def work_once(self) -> bool:
        self._look_after()
        job = self._bridge.jobs.claim(self.name)
        if job is None:
            return False
        log.info("job %s: %s", job.id, job.kind)
        self._job = job
        try:
            self._handler.handle(job)
        finally:
            self._job = None
        return True

    def _look_after(self) -> None:
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        for lost in self._bridge.jobs.lost():
            self._handler.reap(lost)
        self._upkeep.tend()

    def _rest(self, listener: Listener) -> None:
        """Until something was committed. Most commits are chat and no job: a burst of them costs
        one look, not one each."""
        select.select([listener.fileno()], [], [], LOOK_SECONDS)
        time.sleep(SETTLE_SECONDS)
        listener.drain()

    def _beat(self) -> None:
        while True:
            try:
                self._bridge.jobs.worker_lives(self.name, os.getpid())
                if job := self._job:
                    self._bridge.jobs.beat(job)
            except BridgeError as error:
                log.warning("no heartbeat: %s", error)
            except Exception:
                log.exception("no heartbeat")
            if self._stopped.wait(BEAT_SECONDS):
                return
