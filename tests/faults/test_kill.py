"""kill -9 of a web process, of all of them, of the worker, of everything, at random moments and
under load: what was answered with 200 is there once, and every job ends once."""

import json
import os
import random
import signal
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import account
from tests.faults.load import Load
from tests.servers import RunningBridge

WEB, WORKER = "chat_bridge.wsgi", "chat_bridge worker"


def one_web_process(bridge: RunningBridge) -> None:
    kill(random.choice(bridge.children(WEB)[1:] or bridge.children(WEB)))


def every_web_process(bridge: RunningBridge) -> None:
    kill(*bridge.children(WEB))


def the_worker(bridge: RunningBridge) -> None:
    kill(*bridge.children(WORKER))


def both(bridge: RunningBridge) -> None:
    kill(*bridge.children(WORKER), *bridge.children(WEB))


def everything(bridge: RunningBridge) -> None:
    bridge.kill()
    bridge.start()


FAULTS: tuple[Callable[[RunningBridge], None], ...] = (
    everything, both, the_worker, every_web_process, one_web_process,
)  # fmt: skip


def kill(*pids: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def restart_seconds(bridge: RunningBridge, fault: Callable[[RunningBridge], None]) -> float:
    began = time.monotonic()
    fault(bridge)
    bridge.wait_until_ready()
    return time.monotonic() - began


def kill_again_and_again(data_dir: Path, cycles: int, rows: int) -> dict[str, float]:
    bridge = RunningBridge(data_dir, {"CHAT_BRIDGE_RATE_LIMITS": "off"}).start()
    restarts = []
    try:
        load = Load(bridge.url, bridge.agent_key, rows=rows)
        with load.running() as ledger:
            for cycle in range(cycles):
                time.sleep(random.uniform(0.3, 2.0))
                restarts.append(restart_seconds(bridge, FAULTS[cycle % len(FAULTS)]))
            load.stop_writing()
            account.await_every_end(data_dir, 150)
    finally:
        bridge.stop()
    found = account.settle(data_dir, ledger)
    figures = {
        "cycles": cycles, **found.figures, "median_restart": round(statistics.median(restarts), 2),
    }  # fmt: skip
    assert ledger.refused == []
    assert found.faults == {}, figures
    return figures


def test_a_few_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    random.seed(8)
    assert kill_again_and_again(tmp_path / "data", len(FAULTS), 50_000)["acks"] > 100


@pytest.mark.faults
@pytest.mark.timeout(1200)
def test_many_kills_lose_and_double_nothing(
    tmp_path: Path, record_property: Callable[[str, object], None],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    figures = kill_again_and_again(tmp_path / "data", 60, 200_000)
    record_property("figures", figures)
    with capsys.disabled():
        os.write(2, f"\n{json.dumps(figures)}\n".encode())
