"""/admin/jobs: every command that ran or waits, and one with its steps."""

from flask import Blueprint, Response, request

from chat_bridge.domain import times
from chat_bridge.domain.redaction import NOTICE
from chat_bridge.model import ENDED, Job, ListedJob
from chat_bridge.ports import JobFilter
from control.console.frame import Shell
from control.console.listing import PAGE, Query, listing
from control.console.people_shown import called
from control.console.posting import Done, once
from control.people import requires, signed_in

FILTERS = ("status", "session")
STATES = ("pending", "running", "input_required", "completed", "failed", "cancelled", "dead")
LOOKS = {"completed": "good", "running": "info", "pending": "wait", "cancelled": "info"}


def routes(page: Blueprint, shell: Shell) -> None:
    bridge = shell.bridge

    @page.get("/admin/jobs")
    @requires("viewer")
    def jobs() -> Response:
        query = Query("/admin/jobs", request.args, FILTERS)
        place = query.place()
        status = query.choice("status", STATES)
        wanted = JobFilter(
            before=int(place[0]) if place else None,
            status=status,
            session_id=query.text("session"),
            limit=PAGE + 1,
        )
        cursor = bridge.feed.newest()
        found = listing(query, bridge.store.records.jobs(wanted), lambda row: (row.id,))
        counts = bridge.store.records.job_counts()
        tabs = [(state, counts[state]) for state in STATES if counts.get(state)]
        return shell.show(
            "jobs.html", "jobs", list=found, tabs=tabs, total=sum(counts.values()), current=status,
            state_url=lambda state: query.url(status=state), looks=LOOKS, cursor=cursor, took=_took,
            called=lambda row: called(None, row.title, row.uid),
        )  # fmt: skip

    @page.get("/admin/jobs/<job_id>")
    @requires("viewer")
    def job(job_id: str) -> Response:
        cursor, found = bridge.feed.newest(), bridge.jobs.find(job_id)
        return shell.show(
            "job.html", "jobs", job=found, looks=LOOKS, ended=found.status in ENDED,
            cursor=cursor, took=_took(found), removed=found.command == NOTICE,
            outputs=bridge.store.attachments.of_job(found.id),
        )  # fmt: skip

    @page.post("/admin/jobs/<job_id>/cancel")
    @requires("operator")
    def cancel_job(job_id: str) -> Response:
        return once(shell, lambda: _done(shell, bridge.jobs.find(job_id), "cancel"))

    @page.post("/admin/jobs/<job_id>/retry")
    @requires("operator")
    def retry_job(job_id: str) -> Response:
        return once(shell, lambda: _done(shell, bridge.jobs.find(job_id), "retry"))


def _took(job: Job | ListedJob) -> str:
    """How long it ran; nothing while it runs."""
    began = times.milliseconds(job.started_at or "")
    ended = times.milliseconds(job.finished_at or "")
    if began is None or ended is None:
        return ""
    return times.length(max(0, ended - began))


def _done(shell: Shell, job: Job, act: str) -> Done:
    bridge = shell.bridge
    after = bridge.jobs.cancel(job) if act == "cancel" else bridge.jobs.retry(job)
    bridge.audit.write(
        signed_in().person.actor, f"job.{act}", subject=job.id, before=job.status,
        after=after.status,
    )  # fmt: skip
    told = {
        "retry": "The job waits for a worker again.",
        "cancel": "The job is cancelled."
        if after.status in ENDED
        else "The job stops as soon as its worker hears of it.",
    }
    return Done(f"/admin/jobs/{job.id}", told[act])
