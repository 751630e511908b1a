"""The words that shapes are written in."""

from typing import Any

Schema = dict[str, Any]

COMPONENTS: dict[str, Schema] = {}

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
FREE: Schema = {"type": "object", "additionalProperties": True}
MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
CURSOR: Schema = {"type": "string", "pattern": r"^\d+$"}
SESSION_ID: Schema = {"type": "string", "maxLength": 64}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def one_of(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


def number(low: float, high: float, default: float) -> Schema:
    kind = "integer" if isinstance(low, int) and isinstance(high, int) else "number"
    return {"type": kind, "minimum": low, "maximum": high, "default": default}


def record(optional: dict[str, Schema] | None = None, /, **required: Schema) -> Schema:
    """An object with these fields; more may come with a later version."""
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": list(required)}


def named(name: str, schema: Schema) -> Schema:
    """A shape that others refer to by its name."""
    COMPONENTS[name] = schema
    return {"$ref": f"#/components/schemas/{name}"}
