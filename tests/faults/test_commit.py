"""A worker that dies between the last byte of an output and the commit: nothing half done shows,
and whoever takes over does it once."""

from collections.abc import Iterator

import pytest

from tests.faults import account
from tests.faults.dying_worker import MOMENTS
from tests.faults.load import Ledger
from tests.faults.site import Site, site
from tests.journeys import customers
from tests.journeys.visitor import Visitor

COMMAND = "/search city=Berlin | to-xlsx"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("commit") / "data", workers=1) as at:
        yield at


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_death_at_the_end(place: Site, moment: str) -> None:
    ada = Visitor(place.bridge.url)
    ada.upload("customers.csv", customers.text())
    ada.await_event("session.updated")
    for worker in list(place.workers):
        place.fire(worker)

    dying = place.hire("tests.faults.dying_worker", moment)
    job_id = ada.command(COMMAND)
    assert dying.wait(20) == 137
    place.workers.remove(dying)
    done = moment == "all is committed"
    assert len(ada.files()) == 1 + done
    assert len(ada.answers_to(job_id)) == done
    assert ada.job(job_id)["status"] == ("completed" if done else "running")

    place.hire()
    job = ada.ended(job_id, 30)
    assert (job["status"], job["attempts"], len(job["outputs"])) == ("completed", 2 - done, 1)
    assert [answer["kind"] for answer in ada.answers_to(job_id)] == ["result"]
    assert [file["kind"] for file in ada.files()] == ["upload", "output"]
    data = place.bridge.data_dir
    settled = account.settle(data, Ledger())
    assert settled.faults == {}
    shown = [path.name for path in (data / "workflows").rglob("outputs/*") if path.is_file()]
    assert len(shown) == account.rows(
        data, "SELECT COUNT(*) FROM attachments WHERE kind = 'output'"
    )[0][0]  # fmt: skip
