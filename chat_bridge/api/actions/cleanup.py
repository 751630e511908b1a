"""POST ?action=cleanup, clear_data and cleanup_logs: what an administrator tidies up."""

from collections.abc import Iterator
from contextlib import suppress

from flask import Response

from chat_bridge import logs
from chat_bridge.api import parse
from chat_bridge.api.call import Action, Call
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.kinds import NUMBER, TEXT, WHOLE, record
from chat_bridge.errors import BadRequest, InvalidField

MEGABYTE = 1 << 20
CONFIRMED = "clear_data"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
COUNTS = record(sessions=WHOLE, messages=WHOLE, responses=WHOLE)


@shape("marks idle sessions as expired", data=record(cleaned_count=WHOLE, message=TEXT))
def idle_sessions(call: Call) -> Response:
    count = call.bridge.tidying.expire_idle(call.admin().actor)
    return success({"cleaned_count": count, "message": f"Cleaned up {count} inactive sessions"})


@shape(
    "erases every conversation",
    data=record(
        message=TEXT,
        cleaned_data=COUNTS,
        remaining_data=COUNTS,
        cleared_sessions=WHOLE,
        cleared_messages=WHOLE,
        cleared_responses=WHOLE,
    ),
)
def clear_data(call: Call) -> Response:
    who = call.admin().actor
    _check_confirmed(call)
    before, after = call.bridge.tidying.erase_everything(who)
    data = {
        "message": "All data cleared successfully",
        "cleaned_data": before,
        "remaining_data": after,
        **{f"cleared_{noun}": count for noun, count in before.items()},
    }
    return success(data)


def _check_confirmed(call: Call) -> None:
    """Old clients have the admin key and say no word; who says one, anywhere, must say the right
    one."""
    if any(said != CONFIRMED for said in _said(call)):
        raise InvalidField(field="confirm", reason=f"say '{CONFIRMED}' to erase everything")


def _said(call: Call) -> Iterator[object]:
    if "confirm" in call.query:
        yield call.query["confirm"]
    if call.request.mimetype in FORMS:
        yield from call.request.form.getlist("confirm")
        return
    with suppress(BadRequest):  # whatever else they send has never counted
        body = parse.optional_json_body(call.request, call.bridge.door.max_body_bytes)
        yield body.get("confirm", CONFIRMED)


@shape(
    "rotates logs, forgets old ones",
    data=record(
        message=TEXT,
        current_log_size_mb=NUMBER,
        backup_files_count=WHOLE,
        total_log_size_mb=NUMBER,
        retention_days=WHOLE,
        max_size_mb=NUMBER,
    ),
)
def cleanup_logs(call: Call) -> Response:
    sizes = call.bridge.tidying.clean_up_logs(call.admin().actor)
    data = {
        "message": "Log cleanup completed",
        "current_log_size_mb": round(sizes.current / MEGABYTE, 3),
        "backup_files_count": sizes.backups,
        "total_log_size_mb": round(sizes.total / MEGABYTE, 3),
        "retention_days": logs.KEPT_DAYS,
        "max_size_mb": logs.FILE_BYTES // MEGABYTE,
    }
    return success(data)


ACTIONS = (
    Action("cleanup", {"POST": idle_sessions}, "admin", "marks idle sessions as expired"),
    Action("clear_data", {"POST": clear_data}, "admin", "erases every conversation"),
    Action("cleanup_logs", {"POST": cleanup_logs}, "admin", "rotates logs, forgets old ones"),
)
