"""Typed readers for queries and JSON bodies. Hostile input ends here, as one of our 4xx."""

from collections.abc import Mapping
from typing import Any

from flask import Request

from chat_bridge.domain import strict_json
from chat_bridge.errors import (
    InvalidField,
    InvalidJson,
    MissingFields,
    RepeatedParameter,
    TooLarge,
    UnsupportedMediaType,
)

MOST_ITEMS = 100


def json_body(request: Request, limit: int) -> dict[str, Any]:
    """The request's JSON object; content types are not asked for, old clients send any. A list or
    a text is JSON without fields, and an empty one counts as none, as with the founding servers."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedMediaType
    if request.content_length is not None and request.content_length > limit:
        raise TooLarge(limit=_size(limit))
    raw = request.stream.read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(limit=_size(limit))
    found = strict_json.value(raw)
    if isinstance(found, dict):
        return found
    raise MissingFields if found else InvalidJson


def optional_json_body(request: Request, limit: int) -> dict[str, Any]:
    """No body counts as `{}`; one sent in chunks has no length and is still a body."""
    if request.content_length or "Transfer-Encoding" in request.headers:
        return json_body(request, limit)
    return {}


def text(body: Mapping[str, Any], field: str, *, blank_is_missing: bool = True) -> str:
    """A required text; numbers count as text, as one of the founding servers had it."""
    value = body.get(field)
    if value is None or (blank_is_missing and isinstance(value, str) and not value.strip()):
        raise MissingFields
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise InvalidField(field=field, reason="expected a text")


def optional_text(body: Mapping[str, Any], field: str, longest: int = 200) -> str | None:
    value = body.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidField(field=field, reason="expected a text")
    if len(str(value)) > longest:
        raise InvalidField(field=field, reason=f"longer than {longest} characters")
    return str(value)


def idempotency_key(request: Request) -> str | None:
    name = "Idempotency-Key"
    return optional_text({name: request.headers.get(name)}, name)


def texts(body: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = body.get(field)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidField(field=field, reason="expected a list of texts")
    if len(value) > MOST_ITEMS:
        raise InvalidField(field=field, reason=f"more than {MOST_ITEMS} items")
    return tuple(value)


def numbers(body: Mapping[str, Any], field: str) -> tuple[int, ...]:
    """Message ids, as numbers or as the decimal texts some servers gave them out as."""
    value = body.get(field)
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        raise InvalidField(field=field, reason=f"expected a list of at most {MOST_ITEMS} ids")
    found = []
    for item in value:
        plain = item.isascii() and item.isdigit() if isinstance(item, str) else False
        if isinstance(item, bool) or not (isinstance(item, int) or plain) or len(str(item)) > 18:
            raise InvalidField(field=field, reason="expected message ids")
        found.append(int(item))
    return tuple(found)


def seconds(source: Mapping[str, Any], field: str, default: float, most: float) -> float:
    """A duration: nonsense counts as the default, anything else is brought into range."""
    value = source.get(field)
    try:
        number = float(value) if value is not None and not isinstance(value, bool) else default
    except (TypeError, ValueError):
        return default
    return min(max(number, 0.0), most) if number == number else default


def query(request: Request) -> dict[str, str]:
    """The query, each name once. `action=responses?session_id=x`, as one founding document
    writes it, counts as two parameters."""
    found: dict[str, str] = {}
    for name, values in request.args.lists():
        if len(values) > 1:
            raise RepeatedParameter(parameter=name)
        value = values[0]
        if name == "action" and "?" in value:
            value, _, rest = value.partition("?")
            extra, _, extra_value = rest.partition("=")
            found.setdefault(extra, extra_value)
        if "\0" in value:
            raise InvalidField(field=name, reason="NUL character")
        found[name] = value
    return found


def whole(values: Mapping[str, str], field: str, default: int, *, low: int, high: int) -> int:
    """A number of a query: nonsense counts as the default, the rest is brought into range."""
    try:
        return min(max(int(values.get(field, default)), low), high)
    except ValueError:
        return default


def _size(limit: int) -> str:
    return f"{limit >> 20} MB" if limit >= 1 << 20 else f"{limit >> 10} KB"
