"""The list of jobs and one job, while they run."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import expect

from chat_bridge.store.clock import SystemClock
from tests.browser.operator import Operator
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser
COMMAND = "/search city=Live"


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    hoa = visit()
    hoa.attach("customers.csv").attached("customers.csv")
    return hoa


def tell(bridge: RunningBridge, job_id: str, status: str, rows: int) -> None:
    """What a worker writes down in the middle of a long run."""
    with closing(sqlite3.connect(bridge.data_dir / "bridge.db", timeout=10)) as database, database:
        database.execute(
            "UPDATE jobs SET status = ?, progress = ?, lease_until = 1 << 60, lease_boot = ?,"
            " finished_at = NULL WHERE job_id = ?",
            (status, json.dumps({"rows_done": rows, "rows_total": 100, "fraction": rows / 100}),
             SystemClock().boot_id(), job_id),
        )  # fmt: skip
        database.execute(
            "INSERT INTO events (session_id, kind, audience, job_id, payload, created_at)"
            " SELECT session_id, 'job.progress', 'visitor', job_id, '{}', created_at FROM jobs"
            " WHERE job_id = ?",
            (job_id,),
        )


def test_a_job_that_runs_is_followed_without_a_reload(
    staff: Callable[..., Operator], visitor: Visitor, bridge: RunningBridge
) -> None:
    visitor.write(COMMAND).sees_state("answered")
    ana, ben = staff("ana").go("/admin/jobs"), staff("ben")
    row = ana.page.locator("tbody tr").filter(has_text=COMMAND).first
    job_id = row.get_attribute("data-key") or ""
    ben.go(f"/admin/jobs/{job_id}")
    tell(bridge, job_id, "running", 40)
    expect(row).to_contain_text("40 %")
    expect(ben.page.get_by_text("40 of 100 rows")).to_be_visible()
    expect(ben.page.locator("summary", has_text="Cancel…")).to_be_visible()
    ben.page.get_by_role("button", name="Pause updates").click()
    tell(bridge, job_id, "running", 60)
    expect(row).to_contain_text("60 %")
    expect(ben.page.get_by_text("40 of 100 rows")).to_be_visible()
    ben.page.get_by_role("button", name="Pause updates").click()
    expect(ben.page.get_by_text("60 of 100 rows")).to_be_visible()
    tell(bridge, job_id, "completed", 100)
    expect(row.locator(".state")).to_have_text("completed")
    expect(ben.page.locator(".bartop .state")).to_have_text("completed")


def test_new_jobs_wait_behind_a_button(staff: Callable[..., Operator], visitor: Visitor) -> None:
    ana = staff("ana").go("/admin/jobs")
    rows = ana.page.locator("tbody tr")
    first = rows.first.get_attribute("data-key") if rows.count() else None
    visitor.write("/search city=Brandnew").sees_state("answered")
    show = ana.page.get_by_role("button", name="1 new: show")
    expect(show).to_be_visible()
    assert (rows.first.get_attribute("data-key") if rows.count() else None) == first
    show.click()
    expect(rows.first).to_contain_text("/search city=Brandnew")
    expect(rows.first.locator(".state")).to_have_text("completed")
