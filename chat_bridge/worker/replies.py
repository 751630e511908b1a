"""Results and errors as chat replies."""

import re
from collections.abc import Sequence
from typing import Any

from chat_bridge.errors import BridgeError
from chat_bridge.model import Answer, Attachment, Job, NewResponse, RunResult
from chat_bridge.workflow.grammar import QUOTES

WRONG = (
    "value",
    "column",
    "file",
    "argument",
    "command",
)  # what `nearest` may be the right spelling of
_PREVIEW = re.compile(r"\s+preview\s*=\s*\S+")
PLAIN = re.compile(r"[\w.-]+")


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
    elif run.data.get("preview"):
        preview = {"file": None, **run.data["preview"]}
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
            "buttons": _onward(job, run),
            "data": dict(run.data),
        },
    )


def _onward(job: Job, run: RunResult) -> list[dict[str, str]]:
    """Once more as it was, or changed; after a preview, for all rows."""
    if "previewed_rows" in run.data:
        whole = _PREVIEW.sub("", job.command).strip()
        return [
            {"label": "Run on all rows", "text": whole, "action": "send"},
            {"label": "Edit", "text": job.command, "action": "fill"},
        ]
    if not run.outputs:
        return []
    return [
        {"label": "Edit", "text": job.command, "action": "fill"},
        {"label": "Run again", "text": job.command, "action": "send"},
    ]


def failure(job: Job, error: BridgeError) -> NewResponse:
    return NewResponse(
        job.session_id,
        error.message,
        message_id=job.message_id,
        kind="error",
        metadata={"job_id": job.id, "error_code": error.code, "buttons": _mended(job, error)},
    )


def _mended(job: Job, error: BridgeError) -> list[dict[str, str]]:
    """The command with its nearest right spelling, where there is one place to put it."""
    nearest = error.details.get("nearest")
    wrong = next((str(word) for name in WRONG if (word := error.details.get(name))), None)
    if not nearest or wrong is None:
        return []
    position = error.details.get("position")
    where = position if isinstance(position, int) else None
    word = re.compile(rf"(?<!\w){re.escape(wrong)}(?!\w)")
    places = [match.span() for match in word.finditer(job.command, where or 0)]
    if not places or (where is None and len(places) > 1):
        return []
    before, after = job.command[: places[0][0]], job.command[places[0][1] :]
    right = str(nearest) if before[-1:] in tuple(QUOTES) else _quoted(str(nearest))
    mended = f"{before}{right}{after}"
    return [{"label": mended, "text": mended, "action": "fill"}]


def _quoted(word: str) -> str:
    if PLAIN.fullmatch(word):
        return word
    return f"'{word}'" if "'" not in word else f'"{word}"'
