"""JSON objects from strangers: whatever gets through can be stored, answered and read again."""

import json
from typing import Any

from chat_bridge.errors import InvalidJson

DEEPEST = 16
MOST_KEYS = 64
LARGEST_INT = 2**63 - 1


def read(raw: bytes) -> dict[str, Any]:
    found = value(raw)
    if not isinstance(found, dict):
        raise InvalidJson
    return found


def value(raw: bytes) -> Any:
    """UTF-8, at most 16 deep, no repeated keys, no NaN, integers of 64 bits, no NUL."""
    try:
        text = raw.decode("utf-8")
        _check_depth(raw)
        found = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
        text.encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise InvalidJson from error
    return found


def _check_depth(raw: bytes) -> None:
    if raw.count(b"{") + raw.count(b"[") <= DEEPEST:
        return
    depth, quoted, escaped = 0, False, False
    for byte in raw:
        if quoted:
            quoted = escaped or byte != 0x22
            escaped = byte == 0x5C and not escaped
        elif byte == 0x22:
            quoted, escaped = True, False
        elif byte in b"{[":
            depth += 1
            if depth > DEEPEST:
                raise ValueError("too deep")
        elif byte in b"}]":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs) or len(pairs) > MOST_KEYS:
        raise ValueError("repeated or too many keys")
    for key, item in pairs:
        _check_text(key)
        _check_value(item)
    return value


def _check_value(value: Any) -> None:
    """Objects have been checked when they were read; what was let in must be writable again."""
    if value.__class__ is str:
        _check_text(value)
    elif value.__class__ is list:
        for item in value:
            _check_value(item)
    elif value.__class__ is int and not -LARGEST_INT <= value <= LARGEST_INT:
        raise ValueError("integer too large")
    elif value.__class__ is float and value in (float("inf"), float("-inf")):
        raise ValueError("number too large")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise ValueError("NUL character")
    text.encode("utf-8")  # an unpaired surrogate is a ValueError


def _no_constant(name: str) -> None:
    raise ValueError(name)
