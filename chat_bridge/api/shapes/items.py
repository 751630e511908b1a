"""The shapes of what `domain.items` makes."""

from typing import get_args

from chat_bridge.api.shapes.kinds import (
    CURSOR,
    FLAG,
    FREE,
    MOMENT,
    TEXT,
    WHOLE,
    many,
    maybe,
    named,
    one_of,
    record,
)
from chat_bridge.events import EVENT_KINDS
from chat_bridge.model import JobStatus, ResponseKind

FILE_COLUMN = record(name=TEXT, type=TEXT)
FILE = named(
    "File",
    record(
        name=TEXT,
        size=WHOLE,
        content_type=TEXT,
        sha256=TEXT,
        kind=one_of("upload", "output"),
        rows=maybe(WHOLE),
        columns=maybe(many(FILE_COLUMN)),
        download_url=TEXT,
        preview_url=TEXT,
        created_at=MOMENT,
        error=maybe(TEXT),
        error_code=maybe(TEXT),
    ),
)
PREVIEW = named(
    "Preview",
    record(
        name=TEXT,
        columns=maybe(many(FILE_COLUMN)),
        rows=maybe(many(many({}))),
        total_rows=maybe(WHOLE),
        error=maybe(TEXT),
        error_code=maybe(TEXT),
    ),
)
MESSAGE = named(
    "Message",
    record(
        type=one_of("message"),
        id=WHOLE,
        message_id=WHOLE,
        session_id=TEXT,
        message=TEXT,
        timestamp=MOMENT,
        state=TEXT,
        attachments=many(TEXT),
        job_id=maybe(TEXT),
        client_msg_id=maybe(TEXT),
        agent=TEXT,
    ),
)
DELIVERY = named(
    "Delivery",
    record(
        id=WHOLE,
        session_id=TEXT,
        chat_id=maybe(TEXT),
        message=TEXT,
        timestamp=MOMENT,
        uid=maybe({"type": "string", "pattern": "^[0-9a-f]{16}$"}),
        receipt=maybe(TEXT),
        attempt=WHOLE,
        lease_expires_at=maybe(MOMENT),
        agent=TEXT,
        attachments=many(TEXT),
    ),
)
RESPONSE = named(
    "Response",
    record(
        type=one_of("response"),
        id=WHOLE,
        response_id={"type": ["integer", "string"]},
        incomplete=FLAG,
        session_id=TEXT,
        response=TEXT,
        response_data=TEXT,
        html=TEXT,
        message_id={"type": ["integer", "string", "null"]},
        kind=one_of(*get_args(ResponseKind)),
        timestamp=MOMENT,
        attachments=many(FILE),
        job_id={},
        preview={},
        buttons={},
        metadata=FREE,
    ),
)
STREAM = named(
    "Stream",
    record(
        response_id=TEXT,
        session_id=TEXT,
        message_id={"type": ["integer", "string", "null"]},
        kind=TEXT,
        agent=TEXT,
        response=TEXT,
        offset=WHOLE,
        sequence=WHOLE,
        timestamp=MOMENT,
    ),
)
STEP = record(
    index=WHOLE,
    operation=TEXT,
    title=TEXT,
    arguments=FREE,
    status=TEXT,
    rows_in=maybe(WHOLE),
    rows_out=maybe(WHOLE),
)
JOB = named(
    "Job",
    record(
        job_id=TEXT,
        session_id=TEXT,
        message_id=maybe(WHOLE),
        command=TEXT,
        file=maybe(TEXT),
        status=one_of(*get_args(JobStatus)),
        attempts=WHOLE,
        steps=many(STEP),
        progress=FREE,
        cancel_requested=FLAG,
        error=maybe(TEXT),
        error_code=maybe(TEXT),
        result=FREE,
        outputs=many(FILE),
        created_at=MOMENT,
        started_at=maybe(MOMENT),
        finished_at=maybe(MOMENT),
    ),
)
EVENT = named(
    "Event",
    record(
        seq={"type": ["integer", "null"]},
        session_id=TEXT,
        kind=one_of(*(kind.name for kind in EVENT_KINDS)),
        data=FREE,
        created_at=MOMENT,
    ),
)
AGENT = named(
    "Agent",
    record(
        id=WHOLE,
        slug=TEXT,
        name=TEXT,
        description=TEXT,
        status=one_of("answering", "away"),
        built_in=FLAG,
    ),
)
SESSION = {
    "session_id": TEXT,
    "chat_id": maybe(TEXT),
    "uid": maybe(TEXT),
    "title": maybe(TEXT),
    "status": TEXT,
    "created_at": MOMENT,
    "last_activity": MOMENT,
    "agent": AGENT,
}
OPENED = named("OpenedSession", record(**SESSION, session_token=maybe(TEXT)))
STATE = named("Session", record(**SESSION, answering=FLAG, cursor=CURSOR))
OVERVIEW = named(
    "SessionOverview",
    record(
        id=TEXT,
        session_id=TEXT,
        chat_id=maybe(TEXT),
        uid=maybe(TEXT),
        title=maybe(TEXT),
        status=TEXT,
        created_at=MOMENT,
        last_active=MOMENT,
        last_activity=MOMENT,
        ip_address=maybe(TEXT),
        user_agent=maybe(TEXT),
        metadata=TEXT,
        message_count=WHOLE,
        response_count=WHOLE,
    ),
)
PAGES = record(total=WHOLE, limit=WHOLE, offset=WHOLE, has_more=FLAG)
ARGUMENT = record(
    name=TEXT, aliases=many(TEXT), type=TEXT, required=FLAG, default={}, choices=many(TEXT),
    help=TEXT,
)  # fmt: skip
OPERATION = named(
    "Operation",
    record(
        name=TEXT,
        command=TEXT,
        group=TEXT,
        aliases=many(TEXT),
        summary=TEXT,
        help=TEXT,
        takes=many(TEXT),
        gives=TEXT,
        arguments=many(ARGUMENT),
        examples=many(TEXT),
    ),
)
READY = record(
    {"room": FREE}, ready=FLAG, checks=FREE, processes=FREE, version=TEXT, sqlite_version=TEXT
)
