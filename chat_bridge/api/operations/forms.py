"""What a request for an operation carries: files and arguments, by the names of the registry."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, NoReturn, cast

from flask import Request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from chat_bridge.api.operations.endpoints import Endpoint
from chat_bridge.errors import (
    BadArgument,
    MissingArgument,
    MissingFile,
    TooLarge,
    UnsupportedMediaType,
)
from chat_bridge.workflow.plan import keeps_formulas, previews
from chat_bridge.workflow.registry import Argument, Operation

FORM_BYTES = 1 << 20
DRAINED_BYTES = 64 << 20
CHUNK = 1 << 20
STRUCTURED = ("conditions", "rules", "mapping")
MANY = ("list", "columns")
OUTSIDE = (
    "sheet", "header_row", "sheet_name", "output_filename", "idempotency_key", "arguments",
    "formulas", "preview",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    files: Mapping[str, FileStorage]
    arguments: dict[str, Any]
    sheet: str | None
    header_row: int | None
    output_filename: str | None
    idempotency_key: str | None
    keep_formulas: bool
    preview: bool


def read(request: Request, endpoint: Endpoint, max_bytes: int) -> Asked:
    _open(request, endpoint, max_bytes)
    files = {name: _file(request, name) for name in endpoint.files}
    fields = {name: values for name, values in _named(request) if any(map(str.strip, values))}
    outside = {name: _only(name, fields[name]) for name in OUTSIDE if name in fields}
    arguments = _object(outside.get("arguments", "{}"))
    for name, values in fields.items():
        if name not in OUTSIDE:
            arguments[name] = _value(endpoint.found.argument(name), name, values)
    sheet = outside.get("sheet")
    if endpoint.found.argument("sheet_name") is None or endpoint.operation.startswith("sql/"):
        sheet = sheet or outside.get("sheet_name")
    elif "sheet_name" in outside:
        arguments["sheet_name"] = outside["sheet_name"]
    _complete(endpoint, arguments)
    command = endpoint.found.command
    said = {name: outside.get(name, arguments.pop(name, None)) for name in ("formulas", "preview")}
    return Asked(
        files,
        arguments,
        sheet,
        _row(outside.get("header_row")),
        outside.get("output_filename"),
        outside.get("idempotency_key"),
        keeps_formulas(command, said["formulas"]),
        previews(command, said["preview"]),
    )


def _named(request: Request) -> Iterator[tuple[str, list[str]]]:
    """A part whose header cannot be read arrives without a name."""
    for name, values in cast("Iterable[tuple[str | None, list[str]]]", request.form.lists()):
        if name is None:
            raise BadArgument("A field of the form has a name that cannot be read.")
        yield name, values


def _row(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.strip().isascii() and text.strip().isdecimal() and len(text) < 8):
        raise BadArgument(
            "The field 'header_row' takes a row's number, from 1; 0 is none.", argument="header_row"
        )
    return int(text)


def _open(request: Request, endpoint: Endpoint, max_bytes: int) -> None:
    """Reads the body; a file may have `max_bytes`."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType
    limit = max_bytes * len(endpoint.files) + FORM_BYTES
    request.max_content_length = limit
    too_large = TooLarge(limit=f"{max_bytes >> 20} MB")
    if (request.content_length or 0) > limit:
        _drain(request, limit)
        raise too_large
    try:
        request.form  # noqa: B018 - parsed on the first look
    except RequestEntityTooLarge as error:
        if request.content_length:  # and it fits: then it is the fields
            raise TooLarge(
                f"Beside the file a form may have {request.max_form_parts or 0:,} fields, with "
                f"{(request.max_form_memory_size or 0) // 1000:,} kB together.",
                limit=f"{(request.max_form_memory_size or 0) // 1000} kB",
            ) from error
        raise too_large from error


def _drain(request: Request, limit: int) -> None:
    """Whoever still sends does not hear a refusal: a little too much is read to its end."""
    left = request.content_length or 0
    if left > limit + DRAINED_BYTES:
        return
    source = request.environ["wsgi.input"]
    while left > 0 and (chunk := source.read(min(left, CHUNK))):
        left -= len(chunk)


def _file(request: Request, name: str) -> FileStorage:
    part = request.files.get(name)
    if part is None or not part.filename:
        raise MissingFile(
            f"No file provided: send it as multipart/form-data in '{name}'.", field=name
        )
    return part


def _only(name: str, values: Sequence[str]) -> str:
    if len(values) > 1:
        raise BadArgument(f"The field '{name}' is given twice.", argument=name)
    return values[0]


def _value(argument: Argument | None, name: str, values: Sequence[str]) -> Any:
    """Lists and objects travel as JSON; one column may be named plainly."""
    kind = argument.type if argument else "text"
    if kind in MANY and len(values) > 1:
        return list(values)
    text = _only(name, values)
    if kind in STRUCTURED or (kind in MANY and (name.endswith("s") or text.lstrip()[:1] == "[")):
        return _json(name, text)
    if kind == "json" and text.lstrip()[:1] in ("{", "[", '"'):
        return _json(name, text)
    return text


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        what = "Invalid JSON template" if name == "template" else "Invalid JSON"
        raise BadArgument(
            f"{what}: the field '{name}' takes JSON, such as "
            '["name", "city"] for a list or {"a": "b"} for an object.',
            argument=name,
        ) from None


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else _no_number(text)


def _object(text: str) -> dict[str, Any]:
    found = _json("arguments", text)
    if not isinstance(found, dict):
        raise BadArgument("The field 'arguments' takes a JSON object.", argument="arguments")
    return found


def _complete(endpoint: Endpoint, arguments: Mapping[str, Any]) -> None:
    operation = endpoint.found
    filled = {
        _known(operation, name) for name, value in arguments.items() if _says_something(value)
    }
    for name in endpoint.required:
        if _known(operation, name) not in filled:
            raise MissingArgument(f"The field '{name}' is required.", argument=name)


def _known(operation: Operation, name: str) -> str:
    argument = operation.argument(name)
    return argument.name if argument else name


def _says_something(value: Any) -> bool:
    return value not in (None, "", [], {})
