"""Every event that can be pushed: its kind, who may see it, and what its `data` holds.

`staff` events go to agents' keys and operators, `operator` events to operators alone.
Each is a numbered row of `events` before it is a push; typing alone is never stored.
"""

from dataclasses import dataclass
from typing import Literal

Audience = Literal["visitor", "staff", "operator"]


@dataclass(frozen=True)
class EventKind:
    name: str
    audience: Audience
    data: str


EVENT_KINDS: tuple[EventKind, ...] = (
    EventKind("message.created", "visitor", "message: the message item"),
    EventKind("message.leased", "visitor", "message_id, agent: somebody holds the message"),
    EventKind("message.released", "visitor", "message_id: its lease ended without an answer"),
    EventKind("message.acked", "visitor", "message_id: its holder is done with it"),
    EventKind("message.dead", "visitor", "message_id, reason: given up after max_attempts"),
    EventKind("response.created", "visitor", "response: the response item"),
    EventKind(
        "response.delta",
        "visitor",
        "stream, response_id, sequence, offset, delta: an answer under way; forgotten at its end",
    ),
    EventKind("typing", "visitor", "seconds: the agent is writing; never stored"),
    EventKind("job.created", "visitor", "job: the job"),
    EventKind("job.progress", "visitor", "job_id, status, progress, steps"),
    EventKind("job.completed", "visitor", "job: the job with its outputs"),
    EventKind("job.failed", "visitor", "job: the job with error and error_code"),
    EventKind("job.cancelled", "visitor", "job: the job"),
    EventKind("session.updated", "visitor", "what changed, e.g. attachment: the file item"),
    EventKind("desk.claimed", "operator", "by: the operator who took the conversation"),
    EventKind("desk.released", "operator", "by: who handed it back to the agent"),
    EventKind("desk.resolved", "operator", "by: who said that nobody waits any more"),
    EventKind("desk.reopened", "operator", "by: who took that back"),
    EventKind("desk.snoozed", "operator", "by, until: who put the conversation off"),
    EventKind("desk.woken", "operator", "by: who took that back"),
    EventKind("desk.tagged", "operator", "by: who changed the conversation's tags"),
    EventKind("desk.noted", "operator", "by: who wrote a private note; never the note"),
)
AUDIENCE: dict[str, Audience] = {kind.name: kind.audience for kind in EVENT_KINDS}
