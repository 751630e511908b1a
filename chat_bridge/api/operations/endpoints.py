"""The address table of the operations: what each takes beside the arguments that the registry
knows, and what it answers. The founding addresses are written out; every operation has one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chat_bridge.workflow import registry
from chat_bridge.workflow.registry import Operation

PREFIXES = ("/api/v1", "")
FILE = ("file",)
FAMILIES = (("excel", "xlsx"), ("csv", "csv"))
COUNTS = ("download_url", "total_rows", "filtered_rows")
INFO = ("file_path", "file_name", "rows", "columns", "column_names", "data_types")
JOINED = (
    "download_url", "source_rows", "bind_rows", "matched_rows", "unmatched_rows",
    "columns_bound", "statistics",
)  # fmt: skip
SCRIPT = (
    "success", "table_name", "database_type", "total_rows", "total_statements", "statements",
    "generated_at", "download_url",
)  # fmt: skip
RECORDS = ("download_url", "total_records", "file_size")


@dataclass(frozen=True)
class Endpoint:
    """One POST address. The first of `files` is worked on; any other is the operation's second
    file. `result` names what is made, with `{base}` of the file worked on and `{ts}`; `kind` is
    its extension, or `same`. `answers` are the fields of `data`, or `whole` is all of it; `total`
    is the field that the envelope repeats. Arguments in `bad_requests` are answered with 400.
    `[one|many]` in a `message` goes by the number before it."""

    path: str
    operation: str
    message: str
    answers: tuple[str, ...] = COUNTS
    files: tuple[str, ...] = FILE
    required: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    result: str = ""
    kind: str = "xlsx"
    whole: str = ""
    total: str = ""
    bad_requests: tuple[str, ...] = ()

    @property
    def found(self) -> Operation:
        return registry.find(self.operation)


def _founding() -> Iterator[Endpoint]:
    for family, kind in FAMILIES:
        yield from _looks(family)
        yield from _tables(family, kind)
        yield from _joins(family)
    yield from _others_with_tables()
    yield from _scripts()
    yield from _records()


def _looks(family: str) -> Iterator[Endpoint]:
    yield Endpoint(
        f"/{family}/info",
        "excel/info",
        "The file was read: {rows} [row|rows].",
        answers=(*INFO, *(("sheets",) if family == "excel" else ()), "delimiter", "encoding"),
    )
    yield Endpoint(
        f"/{family}/extract-columns",
        "excel/extract-columns",
        "Columns extracted.",
        answers=("extraction_info", "columns", "rows_extracted", "total_rows"),
        required=("columns",),
        defaults={"most_values": 0},
    )
    yield Endpoint(
        f"/{family}/search/suggest-operators",
        "excel/search/suggest-operators",
        "Operators suggested.",
        whole="operators",
    )


def _tables(family: str, kind: str) -> Iterator[Endpoint]:
    yield Endpoint(
        f"/{family}/extract-columns-to-file",
        "excel/extract-columns-to-file",
        "Columns extracted to a file.",
        required=("columns",),
        result="extracted_columns_{ts}",
    )
    yield Endpoint(
        f"/{family}/map-columns",
        "excel/map-columns",
        "Columns mapped.",
        result="{base}_mapped_{ts}",
    )
    yield Endpoint(
        f"/{family}/search",
        "excel/search",
        "Found {filtered_rows} matching [row|rows] of {total_rows}.",
        answers=(*COUNTS, "conditions_applied"),
        result="search_results_{ts}",
        kind=kind,
    )


def _joins(family: str) -> Iterator[Endpoint]:
    for keys, field_ in (("single", "comparison_column"), ("multi", "comparison_columns")):
        yield Endpoint(
            f"/{family}/bind-{keys}-key",
            "excel/bind-single-key",
            "{matched_rows} of {source_rows} [row has|rows have] a match.",
            answers=JOINED,
            files=("source_file", "bind_file"),
            required=(field_, "bind_columns"),
            result=f"{{base}}_bound_{keys}_{{ts}}",
        )


def _others_with_tables() -> Iterator[Endpoint]:
    yield Endpoint(
        "/csv/convert-to-excel",
        "csv/convert-to-excel",
        "Converted to a workbook.",
        result="{base}_converted_{ts}",
        bad_requests=("sheet_name",),
    )
    yield Endpoint(
        "/normalization/apply",
        "normalization/apply",
        "Normalization applied.",
        answers=("report", "output_file", "download_url"),
        defaults={"strict": False},
        result="{base}_normalized_{ts}",
    )
    yield Endpoint(
        "/files/bind",
        "file/bind",
        "Columns replaced.",
        files=("target_file", "source_file"),
        required=("column_mapping",),
        result="{base}_bound_{ts}",
    )
    yield Endpoint(
        "/files/bind/preview",
        "file/bind-preview",
        "Columns compared.",
        answers=(
            "source_columns", "target_columns", "source_rows", "target_rows", "mapping_valid",
            "issues",
        ),
        files=("target_file", "source_file"),
        required=("column_mapping",),
    )  # fmt: skip


def _scripts() -> Iterator[Endpoint]:
    mapped = ("table_name", "column_mapping")
    wrong = ("database_type", "auto_increment")
    written = "SQL written."
    yield Endpoint(
        "/sql/generate",
        "sql/generate",
        "{total_statements} [line|lines] of SQL written.",
        answers=SCRIPT,
        required=mapped,
        defaults={"return_file": False},
        result="{base}_sql_{ts}",
        kind="sql",
        total="total_statements",
        bad_requests=wrong,
    )
    yield Endpoint(
        "/sql/generate-to-text",
        "sql/generate-to-text",
        written,
        answers=("download_url", "total_statements"),
        required=mapped,
        defaults={"output_format": "txt"},
        result="sql_statements_{ts}",
        kind="txt",
        bad_requests=wrong,
    )
    yield Endpoint(
        "/sql/generate-custom-to-text",
        "sql/generate-custom-to-text",
        written,
        answers=("download_url", "total_statements"),
        required=("template", "column_mapping"),
        defaults={"output_format": "txt"},
        result="custom_sql_{ts}",
        kind="txt",
        bad_requests=(*wrong, "column"),
    )


def _records() -> Iterator[Endpoint]:
    yield Endpoint(
        "/json/generate",
        "json/generate",
        "Records written: {total_records}.",
        answers=RECORDS,
        result="{base}_generated_{ts}",
        kind="json",
    )
    yield Endpoint(
        "/json/generate-with-template",
        "json/generate-with-template",
        "Records written: {total_records}.",
        answers=RECORDS,
        required=("template", "column_mapping"),
        result="{base}_generated_template_{ts}",
        kind="json",
    )


def _others(known: set[str]) -> Iterator[Endpoint]:
    """The operations that the founding servers did not have, for workbooks and for CSV."""
    for operation in registry.operations():
        if operation.name in known:
            continue
        slug = operation.name.rpartition("/")[2]
        only_looks = operation.gives == "answer"
        for family, kind in FAMILIES:
            yield Endpoint(
                f"/{family}/{slug}",
                operation.name,
                f"{operation.summary}: done.",
                answers=("*",),
                files=("file", *([operation.opens] if operation.opens else [])),
                result="" if only_looks else f"{{base}}_{operation.suffix}_{{ts}}",
                kind="" if only_looks else kind if operation.gives == "same" else operation.gives,
            )


def _all() -> tuple[Endpoint, ...]:
    founding = tuple(_founding())
    return (*founding, *_others({endpoint.operation for endpoint in founding}))


ENDPOINTS: Mapping[str, Endpoint] = {endpoint.path: endpoint for endpoint in _all()}
