"""What an address of an operation takes and answers, for the OpenAPI document."""

from chat_bridge.api.operations.answers import ALWAYS
from chat_bridge.api.operations.endpoints import Endpoint
from chat_bridge.api.shapes import Shape
from chat_bridge.api.shapes.kinds import (
    FLAG,
    FREE,
    TEXT,
    WHOLE,
    Schema,
    many,
    maybe,
    one_of,
    record,
)
from chat_bridge.workflow.plan import KEEP
from chat_bridge.workflow.plan import TEXT as TEXT_CELLS
from chat_bridge.workflow.registry import Argument

BINARY: Schema = {"type": "string", "format": "binary"}
COUNT = maybe(WHOLE)
FIELDS: dict[str, Schema] = {
    "download_url": TEXT, "output_file": TEXT, "file_path": TEXT, "file_name": TEXT,
    "sheets": many(TEXT), "rows": COUNT, "columns_bound": many(TEXT), "column_names": many(TEXT),
    "data_types": FREE, "delimiter": TEXT, "encoding": TEXT, "extraction_info": FREE,
    "rows_extracted": WHOLE, "total_rows": COUNT, "filtered_rows": COUNT,
    "conditions_applied": WHOLE, "source_rows": COUNT, "bind_rows": COUNT, "matched_rows": COUNT,
    "unmatched_rows": COUNT, "statistics": FREE, "target_rows": COUNT, "mapping_valid": FLAG,
    "source_columns": many(TEXT), "target_columns": many(TEXT), "issues": many(TEXT),
    "report": FREE, "success": FLAG, "table_name": TEXT, "database_type": TEXT,
    "total_statements": WHOLE, "statements": many(TEXT), "generated_at": TEXT,
    "previewed_rows": COUNT, "rows_of_the_file": COUNT, "preview": maybe(FREE),
    "preview_text": TEXT, "total_records": COUNT, "file_size": WHOLE, "warnings": many(TEXT),
}  # fmt: skip


def shaped(endpoint: Endpoint) -> Shape:
    fields = {name: FIELDS.get(name, {}) for name in (*endpoint.answers, *ALWAYS)}
    free = endpoint.whole or endpoint.answers == ("*",)
    operation = endpoint.found
    arguments = {argument.name: _argument(argument) for argument in operation.arguments}
    outside = {"sheet": TEXT, "header_row": TEXT, "output_filename": TEXT, "arguments": TEXT}
    outside |= {"formulas": one_of(TEXT_CELLS, KEEP), "preview": one_of("yes", "no")}
    arguments.pop(str(operation.opens), None)
    form = record({**outside, **arguments}, **dict.fromkeys(endpoint.files, BINARY))
    return Shape(operation.summary, data=FREE if free else record(fields), form=form)


def _argument(argument: Argument) -> Schema:
    """Everything in a form is a text; lists and objects are the JSON of them."""
    schema = one_of(*argument.choices) if argument.choices else TEXT
    structured = argument.type in ("columns", "list", "conditions", "rules", "mapping", "json")
    told = f"{argument.help} As JSON." if structured else argument.help
    return {**schema, "description": told}
