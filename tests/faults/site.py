"""Web processes, and workers with short leases that are killed one by one."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.account import rows
from tests.servers import RunningBridge

ROOT = Path(__file__).parents[2]


Process = subprocess.Popen[bytes]


@dataclass
class Site:
    bridge: RunningBridge
    workers: list[Process]

    def hire(self, module: str = "tests.faults.quick_worker", *more: str) -> Process:
        with (self.bridge.data_dir / "workers.txt").open("ab") as output:
            worker = subprocess.Popen(
                [sys.executable, "-m", module, "worker", *more],
                env=self.bridge.environment, cwd=ROOT, stdout=output, stderr=output,
            )  # fmt: skip
        self.workers.append(worker)
        return worker

    def fire(self, worker: Process) -> None:
        worker.kill()
        worker.wait()
        self.workers.remove(worker)

    def owner(self, job_id: str) -> Process:
        """The worker that runs a job right now."""
        ((name,),) = rows(self.bridge.data_dir, "SELECT owner FROM jobs WHERE job_id = ?", job_id)
        return next(worker for worker in self.workers if worker.pid == int(name.split("-")[1]))


@contextmanager
def site(data_dir: Path, workers: int) -> Iterator[Site]:
    bridge = RunningBridge(data_dir, {"CHAT_BRIDGE_RATE_LIMITS": "off"})
    data_dir.mkdir(parents=True, exist_ok=True)
    running = Site(bridge, [])
    try:
        for _ in range(workers):
            running.hire()
        bridge.start("serve")
        yield running
    finally:
        for worker in list(running.workers):
            running.fire(worker)
        bridge.stop()
