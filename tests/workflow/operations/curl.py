"""The example of an operation as a request over HTTP."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from chat_bridge.api.operations.endpoints import ENDPOINTS, Endpoint
from chat_bridge.workflow import grammar, registry
from chat_bridge.workflow.binding import bind
from chat_bridge.workflow.registry import Operation

SERVER = "http://127.0.0.1:8001/api/v1"
OWN_FILE, OTHER_FILE = "people.csv", "phones.csv"
# What an address asks for although a command does without.
MORE: Mapping[str, Mapping[str, Any]] = {
    "join": {"bind_columns": ["phone"]},
    "to-sql": {"table_name": "people", "column_mapping": {"name": "name", "paid": "amount"}},
    "to-sql-text": {"table_name": "people", "column_mapping": {"name": "name", "city": "city"}},
    "sql-template": {"column_mapping": {"name": "name", "city": "city"}},
    "json-template": {"column_mapping": {"name": "name", "amount": "amount"}},
}


def endpoints(operation: Operation) -> list[Endpoint]:
    return [e for e in ENDPOINTS.values() if e.operation == operation.name]


def addresses(operation: Operation) -> str:
    return " ".join(f"`{endpoint.path}`" for endpoint in endpoints(operation))


def curl(operation: Operation, command: str) -> str:
    """For the shell; the file is a CSV, so its family of addresses is shown where there is one."""
    found = endpoints(operation)
    endpoint = next((e for e in found if e.path.startswith("/csv/")), found[0])
    given = dict(bind(operation, grammar.parse(command, registry.is_verbatim)[0]).values)
    other = given.pop(str(operation.opens), None) or OTHER_FILE
    files = dict(zip(endpoint.files, (OWN_FILE, other), strict=False))
    fields = {**_unwrapped(given), **MORE.get(operation.command, {})}
    parts = [f"{field}=@{file}" for field, file in files.items()]
    parts += [f"{name}={_text(operation, name, value)}" for name, value in fields.items()]
    shown = " \\\n    ".join(f"-F {shlex.quote(part)}" for part in parts)
    return f"curl {shown} \\\n    {SERVER}{endpoint.path}"


def _unwrapped(given: Mapping[str, Any]) -> dict[str, Any]:
    """Typed conditions come with the word that joins them."""
    found = dict(given)
    typed = found.get("conditions")
    if isinstance(typed, Mapping) and "conditions" in typed:
        found["conditions"] = typed["conditions"]
        found |= {"logic": typed["logic"]} if typed.get("logic") else {}
    return found


def _text(operation: Operation, name: str, value: Any) -> str:
    argument = operation.argument(name)
    if argument and argument.type == "columns" and isinstance(value, str):
        value = [value]
    elif argument and argument.type not in ("columns", "list") and isinstance(value, list):
        value = value[0] if len(value) == 1 else value
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Without the places in the command."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items() if name != "position"}
    return [_plain(one) for one in value] if isinstance(value, list) else value
