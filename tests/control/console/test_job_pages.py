"""Jobs as a browser without JavaScript sees them."""

from collections.abc import Callable

import pytest

from chat_bridge.model import NewMessage, Step
from chat_bridge.ports import JobEnd
from tests.builders import ADAS_CHAT, House
from tests.control.console.clerk import Clerk, actions, words


class TestJobs:
    @pytest.fixture
    def job(self, house: House) -> str:
        return house.say("/search city=Berlin").message.job_id or ""

    def test_are_listed_by_state(self, ana: Clerk, job: str) -> None:
        assert "/search city=Berlin" in ana.opens("/admin/jobs?status=pending").text
        empty = words(ana.opens("/admin/jobs?status=failed"))
        assert "No job fits" in empty

    def test_are_cancelled_and_tried_again_once(self, ana: Clerk, house: House, job: str) -> None:
        page = f"/admin/jobs/{job}"
        form = ana.form(page, f"{page}/cancel")
        for _ in range(2):
            assert ana.sends(f"{page}/cancel", form).status_code == 303
        assert house.jobs.find(job).status == "cancelled"
        assert "The job is cancelled." in words(ana.opens(page))
        ana.does(page, f"{page}/retry")
        assert house.jobs.find(job).status == "pending"
        assert actions(house) == ["job.cancel", "job.retry"]

    def test_say_how_often_by_whom_and_what_was_read(self, ana: Clerk, house: House) -> None:
        house.say("Here is my file")
        house.upload("customers.csv", b"city\nBerlin\n")
        house.post(NewMessage(ADAS_CHAT, "/search town=Berlin", attachments=("customers.csv",)))
        profile, job = house.jobs.claim("worker-7"), house.jobs.claim("worker-7")
        assert job is not None
        assert profile is not None
        house.jobs.begin(job, [Step("search", {"town": "Berlin"}, "Search")])
        shown = words(ana.opens("/admin/jobs"))
        assert "1/3" in shown
        with house.store.write():
            house.jobs.end(job, JobEnd("failed", error="No column 'town'", error_code="x"))
        page = ana.opens("/admin/jobs")
        shown = words(page)
        for told in ("worker-7", "Search", "No column", "Read", "1/3"):
            assert told in shown
        with ana.opens(page.text.split('<p>Read <a href="')[1].split('"')[0]) as file:
            assert file.data == b"city\nBerlin\n"
        assert "worker-7" in words(ana.opens(f"/admin/jobs/{job.id}"))

    def test_that_wait_can_go_ahead_and_back(self, ana: Clerk, house: House, job: str) -> None:
        page, act = f"/admin/jobs/{job}", f"/admin/jobs/{job}/priority"
        assert ana.does(page, act).status_code == 303
        assert "ahead" in words(ana.opens("/admin/jobs"))
        assert ana.does(page, act).status_code == 303
        assert house.jobs.find(job).priority == 0
        form = ana.form(page, act)
        assert ana.sends(act, form, place="first").status_code == 400
        house.jobs.cancel(house.jobs.find(job))
        assert ana.sends(act, form).status_code == 409
        assert actions(house) == ["job.priority", "job.priority"]

    def test_that_ended_cannot_be_cancelled(self, ana: Clerk, job: str) -> None:
        page = f"/admin/jobs/{job}"
        stale = ana.form(page, f"{page}/cancel")
        ana.does(page, f"{page}/cancel")
        fresh = stale | {"form_key": "another-form-of-mine"}
        assert ana.sends(f"{page}/cancel", fresh).status_code == 409

    def test_of_one_conversation_say_so(self, ana: Clerk, job: str) -> None:
        page = ana.opens(f"/admin/jobs?session={ADAS_CHAT}&status=pending")
        assert f"Only of {ADAS_CHAT}" in words(page)
        assert 'href="/admin/jobs?status=pending">Show all' in page.text

    def test_viewers_change_nothing(
        self, hire: Callable[..., Clerk], ana: Clerk, house: House, job: str
    ) -> None:
        page = f"/admin/jobs/{job}"
        vera = hire("vera", "viewer")
        assert "Cancel" not in words(vera.opens(page))
        form = ana.form(page, f"{page}/cancel")
        assert vera.sends(f"{page}/cancel", form).status_code == 403
        assert house.jobs.find(job).status == "pending"

    def test_unknown_ones_are_not_found(self, ana: Clerk) -> None:
        assert ana.opens("/admin/jobs/job_nobody").status_code == 404
