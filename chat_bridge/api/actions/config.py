"""GET and POST ?action=config: the settings table, secrets masked."""

from typing import Any

from flask import Response

from chat_bridge.api.call import Action, Call
from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.kinds import TEXT, record
from chat_bridge.errors import InvalidField, InvalidJson

LONGEST_NAME, LONGEST_VALUE = 100, 10_000
DONE = "Configuration updated successfully"


TEXTS = {"type": "object", "additionalProperties": TEXT}


@shape("the shared settings, as texts", data=TEXTS)
def get(call: Call) -> Response:
    call.admin()
    return success(call.bridge.settings.shown())


@shape(
    "sets shared settings",
    body={
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"type": ["string", "number", "boolean"]},
    },
    data=record(message=TEXT),
)
def post(call: Call) -> Response:
    who = call.admin().actor
    if not call.body:
        raise InvalidJson
    values = {name: _text(name, value) for name, value in call.body.items()}
    call.bridge.administration.configuration.put(values, who)
    return success({"message": DONE})


def _text(name: str, value: Any) -> str:
    if not name.strip() or len(name) > LONGEST_NAME:
        raise InvalidField(field=name[:LONGEST_NAME], reason="not the name of a setting")
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise InvalidField(field=name, reason="expected a text or a number")
    if len(str(value)) > LONGEST_VALUE:
        raise InvalidField(field=name, reason=f"longer than {LONGEST_VALUE} characters")
    return str(value)


ACTION = Action("config", {"GET": get, "POST": post}, "admin", "the shared settings, as texts")
