"""From what was asked to checked steps, and to the name of what they make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from chat_bridge.api.operations.endpoints import Endpoint
from chat_bridge.api.operations.forms import Asked
from chat_bridge.domain import names
from chat_bridge.errors import BadArgument
from chat_bridge.model import Step
from chat_bridge.workflow.plan import check_step

SEARCH = "excel/search"
SPELLED = {"excel": "xlsx"}
CONVERT = "csv/convert-to-excel"
ECHOED = ("database_type",)


@dataclass(frozen=True)
class Planned:
    """`echoed` are arguments that the answer repeats as they were sent."""

    steps: tuple[Step, ...]
    result_name: str
    echoed: Mapping[str, Any]


def planned(endpoint: Endpoint, asked: Asked, *, now: datetime) -> Planned:
    given = {**endpoint.defaults, **_canonical(endpoint, asked.arguments)}
    for field in endpoint.files[1:]:
        given[str(endpoint.found.opens)] = field
    if endpoint.operation == SEARCH:
        given.setdefault("output_format", endpoint.kind)
    kind = str(given.get("output_format") or endpoint.kind).strip().lower()
    name = _name(endpoint, asked, SPELLED.get(kind, kind), now)
    if endpoint.found.argument("output_filename") and name:
        given["output_filename"] = name
    first = check_step(endpoint.operation, given)
    echoed = {name: given[name] for name in ECHOED if given.get(name)}
    return Planned((first, *_after(endpoint, kind, name)), name, echoed)


def _canonical(endpoint: Endpoint, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Under the registry's own names, so that they go over the defaults."""
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        argument = endpoint.found.argument(name)
        known = argument.name if argument else name
        if known in found:
            raise BadArgument(f"The field '{name}' is given twice.", argument=name)
        found[known] = value
    return found


def _after(endpoint: Endpoint, kind: str, name: str) -> tuple[Step, ...]:
    """What brings a table into the kind of file that was promised."""
    operation = endpoint.found
    if not endpoint.result or endpoint.operation == SEARCH or operation.gives != "same":
        return ()
    if kind == "xlsx":
        return (check_step(CONVERT, {"sheet_name": "Sheet1", "output_filename": name}),)
    return (check_step("excel/convert-to-csv", {"output_filename": name}),)


def _name(endpoint: Endpoint, asked: Asked, kind: str, now: datetime) -> str:
    if not endpoint.result:
        return ""
    if asked.output_filename:
        wanted = names.safe_name(asked.output_filename)
        lacks = endpoint.kind == "json" and not wanted.lower().endswith(".json")
        return f"{wanted}.json" if lacks else wanted
    base = PurePosixPath(names.safe_name(asked.files[endpoint.files[0]].filename or "")).stem
    return f"{endpoint.result.format(base=base, ts=now.strftime('%Y%m%d_%H%M%S'))}.{kind}"
