"""A worker that is stopped past its lease and goes on: somebody else has taken over, and nothing
of the late one is left."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from tests.faults import account
from tests.faults.site import Site, site
from tests.journeys import customers
from tests.journeys.visitor import Visitor, call
from tests.patience import await_true

ROWS = 500_000


def pause_while_at_work(at: Site, job_id: str) -> subprocess.Popen[bytes]:
    """Not in the middle of a commit, where it would hold up everybody: that is another fault."""
    worker = at.owner(job_id)
    while True:
        worker.send_signal(signal.SIGSTOP)
        with suppress(TimeoutError):
            call(at.bridge.url, "POST", "/api/v1/sessions", body={}, timeout=3)
            return worker
        worker.send_signal(signal.SIGCONT)


def test_a_paused_worker_is_replaced_and_leaves_nothing(tmp_path: Path) -> None:
    with site(tmp_path / "data", workers=2) as at:
        data = at.bridge.data_dir
        ada = Visitor(at.bridge.url)
        ada.upload("large.csv", customers.large(ROWS))
        ada.await_event("session.updated")
        job_id = ada.command(customers.SLOW)
        ada.await_event("job.progress")
        late = pause_while_at_work(at, job_id)
        job = ada.ended(job_id, 60)
        assert (job["status"], job["attempts"], len(job["outputs"])) == ("completed", 2, 1)
        before = files_below(data)

        late.send_signal(signal.SIGCONT)
        log = data / "workers.txt"
        await_true(lambda: f"job {job_id} was taken over" in log.read_text())
        await_true(lambda: list((data / "work").iterdir()) == [])
        assert ada.job(job_id) == job
        assert [answer["kind"] for answer in ada.answers_to(job_id)] == ["result"]
        # What its child had made may have been stored already: an orphan, for the sweep.
        assert {path for path in files_below(data) - before if "/blobs/" not in path} == set()
        assert account.rows(data, "SELECT COUNT(*) FROM attachments WHERE kind = 'output'") == [
            (1,)
        ]

        os.kill(next(w for w in at.workers if w is not late).pid, signal.SIGKILL)
        assert ada.run("/dedupe")["status"] == "completed"  # it works like any other


def files_below(data: Path) -> set[str]:
    return {str(path) for name in ("blobs", "workflows") for path in (data / name).rglob("*")}
