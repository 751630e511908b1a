"""/admin/jobs: every command that ran or waits, and one with its steps."""

from flask import Blueprint, Response, request

from chat_bridge.domain import times
from chat_bridge.domain.jobs import MAX_ATTEMPTS
from chat_bridge.domain.redaction import NOTICE
from chat_bridge.errors import InvalidField
from chat_bridge.model import ENDED, Job, ListedJob
from chat_bridge.ports import JobFilter
from control.console.frame import Shell
from control.console.listing import PAGE, Query, listing
from control.console.people_shown import called
from control.console.posting import Done, once
from control.people import requires, signed_in

FILTERS = ("status", "session")
STATES = ("pending", "running", "input_required", "completed", "failed", "cancelled", "dead")
PLACES = AHEAD, USUAL = "ahead", "in turn"
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
            most=MAX_ATTEMPTS, called=lambda row: called(None, row.title, row.uid),
        )  # fmt: skip

    @page.get("/admin/jobs/<job_id>")
    @requires("viewer")
    def job(job_id: str) -> Response:
        cursor, found = bridge.feed.newest(), bridge.jobs.find(job_id)
        return shell.show(
            "job.html", "jobs", job=found, looks=LOOKS, ended=found.status in ENDED,
            cursor=cursor, took=_took(found), most=MAX_ATTEMPTS, removed=found.command == NOTICE,
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

    @page.post("/admin/jobs/<job_id>/priority")
    @requires("operator")
    def let_job_ahead(job_id: str) -> Response:
        return once(shell, lambda: _moved(shell, bridge.jobs.find(job_id)))


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


def _moved(shell: Shell, job: Job) -> Done:
    place = request.form.get("place", "")
    if place not in PLACES:
        raise InvalidField(field="place", reason="expected one of " + ", ".join(PLACES))
    after = shell.bridge.jobs.let_ahead(job, ahead=place == AHEAD)
    shell.bridge.audit.write(
        signed_in().person.actor, "job.priority", subject=job.id, before=_place(job),
        after=_place(after),
    )  # fmt: skip
    told = "The job goes ahead of the others." if place == AHEAD else "The job waits its turn."
    return Done(f"/admin/jobs/{job.id}", told)


def _place(job: Job) -> str:
    return AHEAD if job.priority else USUAL
