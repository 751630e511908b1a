"""A worker killed in the middle of a job, and a job that ends whoever carries it out."""

import os
import signal
from pathlib import Path

import pytest

from tests.cli.programs import alive
from tests.faults import account
from tests.faults.site import Site, site
from tests.journeys import customers
from tests.journeys.visitor import Visitor
from tests.patience import await_true
from tests.servers import RunningBridge

ROWS = 500_000


def begun(at: Site, ada: Visitor, command: str = customers.SLOW, *, attempt: int = 1) -> str:
    job_id = ada.command(command)
    await_attempt(at, job_id, attempt)
    return job_id


def await_attempt(at: Site, job_id: str, attempt: int) -> None:
    query = "SELECT status, attempts FROM jobs WHERE job_id = ?"
    await_true(lambda: account.rows(at.bridge.data_dir, query, job_id) == [("running", attempt)])


def below(pid: int) -> list[int]:
    """Processes under a worker: the nursery, and its children."""
    bridge = RunningBridge(Path(), {})

    class Root:
        pass

    root = Root()
    root.pid = pid  # type: ignore[attr-defined]  # all that `children` reads
    bridge.process = root  # type: ignore[assignment]  # the same
    return bridge.children("")


def test_a_killed_worker_is_replaced_and_the_job_done_once(tmp_path: Path) -> None:
    with site(tmp_path / "data", workers=2) as at:
        ada = Visitor(at.bridge.url)
        ada.upload("large.csv", customers.large(ROWS))
        ada.await_event("session.updated")
        job_id = begun(at, ada)
        victim = at.owner(job_id)
        await_true(lambda: len(below(victim.pid)) == 2)
        children = below(victim.pid)
        at.fire(victim)
        job = ada.ended(job_id, 60)
        assert (job["status"], job["attempts"], len(job["outputs"])) == ("completed", 2, 1)
        assert [answer["kind"] for answer in ada.answers_to(job_id)] == ["result"]
        await_true(lambda: not any(map(alive, children)))
        kinds = [event["kind"] for event in ada.events()[0] if event["kind"].startswith("job.")]
        assert kinds == ["job.created", "job.progress", "job.completed"]


def test_a_job_that_kills_its_worker_three_times_is_given_up(tmp_path: Path) -> None:
    with site(tmp_path / "data", workers=1) as at:
        ada, bob = Visitor(at.bridge.url), Visitor(at.bridge.url)
        ada.upload("large.csv", customers.large(ROWS))
        ada.await_event("session.updated")
        bob.upload("customers.csv", customers.text())
        job_id = ada.command(customers.SLOW)
        for attempt in (1, 2, 3):
            await_attempt(at, job_id, attempt)
            at.fire(at.owner(job_id))
            at.hire()
            assert bob.run("/dedupe")["status"] == "completed"
        job = ada.ended(job_id, 30)
        assert (job["status"], job["attempts"], job["outputs"]) == ("dead", 3, [])
        (answer,) = ada.answers_to(job_id)
        assert (answer["kind"], answer["response"]) == ("error", job["error"])
        assert "worker stopped" in job["error"]
        retried = ada.call("POST", f"/api/v1/jobs/{job_id}/retry").data
        assert (retried["status"], retried["attempts"]) == ("pending", 0)
        ada.await_event("job.completed", 60)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1])
def test_a_job_whose_child_dies_three_times_is_given_up(
    tmp_path: Path, number: signal.Signals
) -> None:
    with site(tmp_path / "data", workers=1) as at:
        ada = Visitor(at.bridge.url)
        ada.upload("large.csv", customers.large(ROWS))
        ada.await_event("session.updated")
        (worker,) = at.workers
        job_id = ada.command(customers.SLOW)
        for attempt in (1, 2, 3):
            await_attempt(at, job_id, attempt)
            await_true(lambda: len(below(worker.pid)) == 2)
            os.kill(below(worker.pid)[-1], number)
        job = ada.ended(job_id, 30)
        assert (job["status"], job["attempts"], job["outputs"]) == ("dead", 3, [])
        (answer,) = ada.answers_to(job_id)
        assert (answer["kind"], answer["response"]) == ("error", job["error"])
        assert ada.run("/help")["status"] == "completed"
        assert worker.poll() is None


def test_a_cancelled_job_has_nobody_left(tmp_path: Path) -> None:
    """The whole group is gone within a second, the worker goes on."""
    with site(tmp_path / "data", workers=1) as at:
        ada = Visitor(at.bridge.url)
        ada.upload("large.csv", customers.large(ROWS))
        ada.await_event("session.updated")
        (worker,) = at.workers
        job_id = begun(at, ada)
        await_true(lambda: len(below(worker.pid)) == 2)
        child = below(worker.pid)[-1]
        ada.call("POST", f"/api/v1/jobs/{job_id}/cancel")
        await_true(lambda: not alive(child), 3)
        assert ada.ended(job_id, 5)["status"] == "cancelled"
        assert list((at.bridge.data_dir / "work").iterdir()) == []
