"""/api/v1/jobs: state, cancel and retry of a command's run."""

from flask import Blueprint, Response, request

from chat_bridge.api import guards
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.items import JOB
from chat_bridge.domain import items
from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import JobNotFound, SessionNotFound
from chat_bridge.model import Job
from chat_bridge.model.access import open_to, visitor


def routes(api: Blueprint, bridge: Bridge) -> None:
    @api.get("/api/v1/jobs/<job_id>")
    @open_to(visitor("sessions"))
    @shape("status, steps, progress and outputs", data=JOB)
    def show_job(job_id: str) -> Response:
        return _shown(bridge, _job(bridge, job_id))

    @api.post("/api/v1/jobs/<job_id>/cancel")
    @open_to(visitor("sessions"))
    @shape("stops a job", data=JOB)
    def cancel_job(job_id: str) -> Response:
        return _shown(bridge, bridge.jobs.cancel(_job(bridge, job_id)))

    @api.post("/api/v1/jobs/<job_id>/retry")
    @open_to(visitor("sessions"))
    @shape("runs a job again", data=JOB)
    def retry_job(job_id: str) -> Response:
        return _shown(bridge, bridge.jobs.retry(_job(bridge, job_id)))


def _job(bridge: Bridge, job_id: str) -> Job:
    """A job for whoever may see its session; to anybody else it does not exist."""
    job = bridge.jobs.find(job_id)
    if job.kind != "command":
        raise JobNotFound
    try:
        guards.session(bridge, request, job.session_id, "sessions")
    except SessionNotFound as error:
        raise JobNotFound from error
    return job


def _shown(bridge: Bridge, job: Job) -> Response:
    outputs = bridge.store.attachments.of_job(job.id)
    return success(items.job_item(job, outputs, guards.links(bridge, request)))
