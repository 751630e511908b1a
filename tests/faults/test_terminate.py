"""SIGTERM under load, as a deploy does it: nobody loses a word, and a running job goes on."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults import account
from tests.faults.load import Load
from tests.journeys import customers
from tests.journeys.visitor import Desk, Told, Visitor, action
from tests.servers import RunningBridge

ROWS = 600_000


def held_polls(visitor: Visitor, desk: Desk, pool: ThreadPoolExecutor) -> list[Future[Told]]:
    query = action("responses", session_id=visitor.session_id, cursor=0, wait=50)
    events = action("events", session_id=visitor.session_id, wait=50)  # from now on
    return [
        pool.submit(visitor.call, "GET", query),
        pool.submit(visitor.call, "GET", events),
        pool.submit(desk.call, "GET", action("inbox", wait=50, agent="default")),
    ]


def stop_and_start(data_dir: Path, cycles: int) -> account.Account:
    bridge = RunningBridge(data_dir, {"CHAT_BRIDGE_RATE_LIMITS": "off"}).start()
    try:
        load = Load(bridge.url, bridge.agent_key)
        with load.running() as ledger:
            for _ in range(cycles):
                time.sleep(1)
                began = time.monotonic()
                bridge.stop()
                assert time.monotonic() - began < 15
                bridge.start()
            load.stop_writing()
            account.await_every_end(data_dir)
    finally:
        bridge.stop()
    assert "Traceback" not in bridge.output()
    assert ledger.refused == []
    return account.settle(data_dir, ledger)


def test_a_deploy_loses_nothing(tmp_path: Path) -> None:
    found = stop_and_start(tmp_path / "data", 2)
    assert found.faults == {}
    assert found.figures["dead"] == found.figures["takeovers"] == 0


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_many_deploys_lose_nothing(tmp_path: Path) -> None:
    found = stop_and_start(tmp_path / "data", 50)
    assert found.faults == {}
    assert found.figures["dead"] == found.figures["takeovers"] == 0


def test_polls_that_wait_end_with_nothing(tmp_path: Path) -> None:
    bridge = RunningBridge(tmp_path / "data", {"CHAT_BRIDGE_RATE_LIMITS": "off"}).start()
    ada, desk = Visitor(bridge.url, agent="default"), Desk(bridge.url, bridge.agent_key)
    with ThreadPoolExecutor(3) as pool:
        polls = held_polls(ada, desk, pool)
        stopping = threading.Timer(1, bridge.stop)
        stopping.start()
        told = [poll.result(30) for poll in polls]
        stopping.join()
    assert [answer.status for answer in told] == [200, 200, 200]
    assert [answer.data[name] for answer, name in zip(
        told, ("responses", "events", "messages"), strict=True
    )] == [[], [], []]  # fmt: skip
    assert max(answer.seconds for answer in told) < 10


def test_a_running_job_goes_on_after_the_restart(tmp_path: Path) -> None:
    bridge = RunningBridge(tmp_path / "data", {"CHAT_BRIDGE_RATE_LIMITS": "off"}).start()
    try:
        ada = Visitor(bridge.url)
        ada.upload("large.csv", customers.large(ROWS))
        ada.await_event("session.updated")
        job_id = ada.command(customers.SLOW)
        ada.await_event("job.progress")
        bridge.stop()
        (left,) = account.rows(
            bridge.data_dir, "SELECT status, attempts FROM jobs WHERE job_id = ?", job_id
        )
        assert left == ("pending", 0)
        assert list((bridge.data_dir / "work").iterdir()) == []
        bridge.start()
        began = time.monotonic()
        job = ada.ended(job_id, 60)
        assert (job["status"], job["attempts"], len(job["outputs"])) == ("completed", 1, 1)
        assert time.monotonic() - began < 14  # nobody waited for a lease to end
        assert [answer["kind"] for answer in ada.answers_to(job_id)] == ["result"]
    finally:
        bridge.stop()
