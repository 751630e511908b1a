import pytest
from playwright.sync_api import Route, expect

from tests.browser.scripted import Scripted, job
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def scripted(ana: Visitor) -> Scripted:
    ana.write("hello").sees_state("answered")
    return Scripted(ana)


def test_a_running_job_shows_steps_and_progress(ana: Visitor, scripted: Scripted) -> None:
    scripted.tell("job.created", job=job(status="pending", step=0, steps=[]))
    expect(ana.cards).to_have_count(0)
    scripted.tell("job.created", job=job())
    rows = ana.cards.get_by_role("listitem")
    expect(rows).to_have_text([
        "✓Extract 3 columnsdone",
        "2Normalize email, joined5,093 of 8,214",
        "3Drop duplicate emailswaiting",
    ])  # fmt: skip
    bar = ana.cards.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "62")
    expect(ana.cards).to_contain_text("61,300 rows/s")
    assert ana.page.evaluate("() => document.querySelector('.bar > i').style.width") == "62%"


def test_progress_that_nobody_knows_is_striped(ana: Visitor, scripted: Scripted) -> None:
    unknown = {"step": 1, "rows_done": 5, "rows_total": None, "fraction": None}
    scripted.tell("job.created", job=job(progress=unknown))
    bar = ana.cards.get_by_role("progressbar")
    expect(bar).to_have_class("bar unknown")
    assert bar.get_attribute("aria-valuenow") is None


def test_job_cancel(ana: Visitor, scripted: Scripted) -> None:
    asked: list[str] = []

    def cancelled(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(json={"success": True, "data": job(cancel_requested=True)})

    ana.context.route("**/api/v1/jobs/job_scripted/cancel", cancelled)
    scripted.tell("job.created", job=job())
    ana.page.get_by_role("button", name="Cancel").click()
    expect(ana.cards).to_contain_text("cancelling")
    scripted.tell("job.cancelled", job=job(status="cancelled", finished_at=job()["started_at"]))
    expect(ana.cards.locator(".state")).to_have_text("cancelled")
    expect(ana.page.get_by_role("button", name="Try again")).to_be_visible()
    assert asked == ["POST"]


def test_a_finished_job_folds_and_stays(ana: Visitor) -> None:
    ana.attach().attached().write("/extract columns=name | dedupe").sees_state("answered")
    for _ in range(2):
        expect(ana.cards.locator(".state")).to_have_text("done")
        expect(ana.cards.get_by_role("listitem")).to_have_count(0)
        ana.page.reload()
    fold = ana.page.get_by_role("button", name="Steps")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(ana.cards.get_by_role("listitem")).to_have_count(2)


def test_screen_readers_hear_progress_rarely(ana: Visitor, scripted: Scripted) -> None:
    ana.page.evaluate(
        """() => {
          window.heard = [];
          const region = document.getElementById("status");
          new MutationObserver(() => region.textContent && heard.push(region.textContent))
            .observe(region, { childList: true });
        }"""
    )
    scripted.tell("job.created", job=job())
    for fraction in (0.63, 0.7, 0.8, 0.9):
        facts = job(progress={**job()["progress"], "fraction": fraction})
        scripted.tell("job.progress", **facts)
    expect(ana.cards.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "90")
    assert len(ana.page.evaluate("() => heard")) <= 1
