"""Results and errors as chat replies."""

from collections.abc import Sequence
from typing import Any

from chat_bridge.errors import BridgeError
from chat_bridge.model import Answer, Attachment, Job, NewResponse, RunResult


def answer(job: Job, said: Answer) -> NewResponse:
    buttons = [vars(button) for button in said.buttons]
    return NewResponse(
        job.session_id,
        said.text,
        message_id=job.message_id,
        metadata={"job_id": job.id, "buttons": buttons},
    )


def result(job: Job, run: RunResult, outputs: Sequence[Attachment]) -> NewResponse:
    preview: dict[str, Any] | None = None
    if outputs and outputs[0].preview:
        preview = {"file": outputs[0].name, **outputs[0].preview}
    return NewResponse(
        job.session_id,
        run.summary,
        message_id=job.message_id,
        kind="result",
        attachments=tuple(output.name for output in outputs),
        metadata={
            "job_id": job.id,
            "preview": preview,
            "warnings": list(run.warnings),
            "data": dict(run.data),
        },
    )


def failure(job: Job, error: BridgeError) -> NewResponse:
    return NewResponse(
        job.session_id,
        error.message,
        message_id=job.message_id,
        kind="error",
        metadata={"job_id": job.id, "error_code": error.code, "buttons": _mended(job, error)},
    )


def _mended(job: Job, error: BridgeError) -> list[dict[str, str]]:
    """The command with its nearest right spelling, where there is one."""
    nearest = error.details.get("nearest")
    wrong = next(
        (
            str(error.details[name])
            for name in ("column", "command", "file", "argument")
            if error.details.get(name)
        ),
        "",
    )
    if not nearest or not wrong or wrong not in job.command:
        return []
    mended = job.command.replace(wrong, str(nearest), 1)
    return [{"label": mended, "text": mended, "action": "fill"}]
