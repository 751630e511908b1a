"""The success and the error that `api.envelope` makes."""

from chat_bridge.api.shapes.kinds import FREE, MOMENT, TEXT, WHOLE, Schema, named, record

META = named("Meta", record(api_version=TEXT, locale=TEXT, request_id=TEXT, requested_time=TEXT))
COMMON = {
    "message": TEXT,
    "timestamp": MOMENT,
    "status_code": WHOLE,
    "meta": META,
    "total": WHOLE,
}
ERROR = named(
    "Error",
    record(
        {"retry_after": WHOLE},
        success={"const": False},
        error=TEXT,
        code=WHOLE,
        error_code={"type": "string", "pattern": "^[a-z0-9_]+$"},
        details=FREE,
        data=record(error_type=TEXT, details=FREE),
        **COMMON,
    ),
)


def success(data: Schema) -> Schema:
    return record(success={"const": True}, data=data, **COMMON)
