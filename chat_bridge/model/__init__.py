"""Frozen values that travel between layers. Times are wire text (`YYYY-MM-DDTHH:MM:SS.mmmZ`, UTC);
lease ends are milliseconds of CLOCK_BOOTTIME. JSON values are plain dicts, lists and scalars."""

from chat_bridge.model.audit import AuditEntry
from chat_bridge.model.chat import (
    Answer,
    Button,
    Delivery,
    Event,
    LeaseStyle,
    Message,
    NewMessage,
    NewResponse,
    Response,
    ResponseKind,
)
from chat_bridge.model.files import (
    Attachment,
    Blob,
    Output,
    Profile,
    Source,
)
from chat_bridge.model.people import (
    Agent,
    Key,
    Session,
    SessionOverview,
    Visitor,
)
from chat_bridge.model.runs import (
    ENDED,
    Job,
    JobStatus,
    JobStep,
    Limits,
    Plan,
    Progress,
    Run,
    RunResult,
    Step,
    StepCount,
)

__all__ = [
    "ENDED",
    "Agent",
    "Answer",
    "Attachment",
    "AuditEntry",
    "Blob",
    "Button",
    "Delivery",
    "Event",
    "Job",
    "JobStatus",
    "JobStep",
    "Key",
    "LeaseStyle",
    "Limits",
    "Message",
    "NewMessage",
    "NewResponse",
    "Output",
    "Plan",
    "Profile",
    "Progress",
    "Response",
    "ResponseKind",
    "Run",
    "RunResult",
    "Session",
    "SessionOverview",
    "Source",
    "Step",
    "StepCount",
    "Visitor",
]
