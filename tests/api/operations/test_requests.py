"""What a request for an operation may look like, who may send it, and how it is refused."""

import io
import os
import signal
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from chat_bridge.api.operations.endpoints import ENDPOINTS
from chat_bridge.workflow import registry
from tests.api.operations.caller import PEOPLE, Clerk, clerk
from tests.hostile import CSVS, MISTAKEN, WORKBOOKS, Hostile
from tests.servers import RunningBridge
from tests.wire.caller import Caller

# Others take long to build: the guard's own tests and the journeys have them.
QUICK = {
    "far-cell.xlsx", "far-row.xlsx", "laughs-in-sheet.xlsx", "external.xlsx", "quadratic.xlsx",
    "twice.xlsx", "traversal.xlsx", "lying-size.xlsx", "cut-off.xlsx", "unclosed.csv", "nul.csv",
    "unclosed-end.csv", "long-row.csv", "half-utf16.csv", "blank.csv", "empty.csv",
}  # fmt: skip
PHONES = b"name,phone\nAda,1\n"


@pytest.mark.parametrize("path", ["/api/v1/csv/info", "/csv/info"])
def test_with_and_without_the_prefix(path: str, ada: Clerk) -> None:
    data = ada.ask(path).data
    assert data["file_name"] == "people.csv"
    assert data["delimiter"] == ","
    assert data["data_types"] == {"name": "text", "city": "text", "amount": "number"}


LEDGER = b"id,total\n1,=1+1\n2,-5\n"


@pytest.mark.parametrize(
    "asked", [{"formulas": "keep"}, {"arguments": {"formulas": "keep"}}], ids=["field", "argument"]
)
def test_formulas_are_kept_where_that_is_asked_for(ada: Clerk, asked: dict[str, object]) -> None:
    plain = ada.ask("/csv/convert-to-excel", LEDGER)
    kept = ada.ask("/csv/convert-to-excel", LEDGER, **asked)
    assert kept.data["warnings"] == [
        "1 cell began like a formula and can be run now, as formulas=keep asked."
    ]
    assert "stayed text; formulas=keep" in plain.data["warnings"][0]
    types = [
        openpyxl.load_workbook(io.BytesIO(ada.made(made).body)).worksheets[0]["B2"].data_type
        for made in (plain, kept)
    ]
    assert types == ["s", "f"]
    wrong = ada.ask("/csv/convert-to-excel", LEDGER, formulas="kep")
    details = wrong.json["details"]
    assert (wrong.status, details["argument"], details["nearest"]) == (422, "formulas", "keep")


def test_every_operation_has_an_address() -> None:
    assert {e.operation for e in ENDPOINTS.values()} == {o.name for o in registry.operations()}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/excel/sort", {"by": "amount"}),
        ("/csv/deduplicate", {"by": "city"}),
        ("/csv/summarise", {"by": "city", "sum": "amount"}),
        ("/excel/convert-to-csv", {}),
    ],
)
def test_operations_the_founding_servers_had_not(
    path: str, fields: dict[str, str], ada: Clerk
) -> None:
    answer = ada.ask(path, **fields)
    made = ada.made(answer)
    kind = "csv" if "csv" in path else "xlsx"
    assert answer.data["download_url"].endswith(f".{kind}")
    assert made.body.startswith(
        b"PK" if kind == "xlsx" else b"name" if "sum" not in path else b"city"
    )


def test_the_other_vocabulary(ada: Clerk) -> None:
    conditions = [{"column": "amount", "operator": "gte", "value": "10"}]
    found = ada.ask("/csv/search", conditions=conditions, match_all="false", output_format="excel")
    assert (found.data["filtered_rows"], found.data["total_rows"]) == (2, 3)
    assert list(ada.sheets(found)) == ["Sheet1"], "a search has no Info sheet"
    files = {"source_file": ("a.csv", PEOPLE), "bind_file": ("a.csv", PHONES)}
    joined = ada.ask("/excel/bind-single-key", files, key_column="name", source_columns=["phone"])
    assert ada.sheets(joined)["Sheet1"][1] == ["Ada", "Berlin", "10", "1"]
    cleaned = ada.ask("/normalization/apply", normalizations=[{"column": "name", "type": "upper"}])
    assert ada.sheets(cleaned)["Sheet1"][1][0] == "ADA"


def test_a_search_as_json(ada: Clerk) -> None:
    """Spelled as pandas spells it."""
    content = "name,url\nZoë,a/b\nBob,\n".encode()
    condition = {"column": "url", "operator": "contains", "value": "/"}
    answer = ada.ask("/csv/search", content, conditions=[condition], output_format="json")
    assert ada.made(answer).body == b'[\n  {\n    "name":"Zo\\u00eb",\n    "url":"a\\/b"\n  }\n]'
    condition["value"] = "nothing"
    answer = ada.ask("/csv/search", content, conditions=[condition], output_format="json")
    assert ada.made(answer).body == b"[\n\n]"


@pytest.mark.parametrize(
    ("path", "fields", "sentence", "details"),
    [
        ("/excel/map-columns", {}, "/map needs 'mapping'", {"argument": "mapping"}),
        ("/excel/extract-columns", {}, "'columns' is required", {"argument": "columns"}),
        (
            "/excel/extract-columns-to-file",
            {"columns": ["nam"]},
            "Column 'nam' not found in data; did you mean 'name'?",
            {"column": "nam", "nearest": "name"},
        ),
        ("/excel/search", {}, "At least one search condition is required", {}),
        ("/excel/search", {"conditions": "[{"}, "Invalid JSON", {"argument": "conditions"}),
        (
            "/excel/search",
            {"conditions": [{"column": "name", "value": "x"}], "logic": "XOR"},
            "Logic must be either 'AND' or 'OR'",
            {"argument": "logic"},
        ),
        ("/csv/search", {"condition": "[]"}, "mean 'conditions'", {"nearest": "conditions"}),
        (
            "/json/generate-with-template",
            {"template": "{nope", "column_mapping": {"n": "name"}},
            "Invalid JSON template",
            {"argument": "template"},
        ),
        (
            "/json/generate",
            {"null_handling": "includ"},
            "did you mean 'include'",
            {"argument": "null_handling"},
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(
    path: str, fields: dict[str, object], sentence: str, details: dict[str, str], ada: Clerk
) -> None:
    answer = ada.ask(path, **fields)
    assert answer.status == 422
    assert sentence in answer.error
    assert answer.json["details"].items() >= details.items()


@pytest.mark.parametrize(
    "fields", [{"database_type": "oracle"}, {"auto_increment": {"incrementType": "nope"}}]
)
def test_what_sql_cannot_do_is_a_bad_request(fields: dict[str, object], ada: Clerk) -> None:
    """A status of the founding contract."""
    answer = ada.ask("/sql/generate", table_name="t", column_mapping={"n": "name"}, **fields)
    assert answer.status == answer.json["status_code"] == 400
    assert answer.json["error_code"] == "invalid_argument"


def test_a_report_says_what_could_not_be_done(ada: Clerk) -> None:
    """norm.shipped_config_backup_and_report, without backups nobody asked for."""
    rules = [("name", "upper"), ("nope", "trim"), ("city", "bogus"), ("amount", "custom_function")]
    asked = [{"column_name": column, "normalization_type": kind} for column, kind in rules]
    answer = ada.ask("/normalization/apply", normalizations=asked, return_report="true")
    report = answer.data["report"]
    assert report["success"] is False
    assert [told["column_name"] for told in report["columns_processed"]] == ["name"]
    assert [told["message"] for told in report["warnings"]] == ["Column 'nope' not found"]
    assert report["errors"][0]["message"].startswith("Error normalizing 'city': Invalid")
    assert ada.sheets(answer)["Sheet1"][:2] == [["name", "city", "amount"], ["ADA", "Berlin", "10"]]


def test_names_of_results(ada: Clerk) -> None:
    answer = ada.ask("/csv/convert-to-excel", {"file": ("Größe & Maß.csv", PEOPLE)})
    said = ada.made(answer).headers["Content-Disposition"]
    assert "filename*=UTF-8''Gr%C3%B6%C3%9Fe" in said
    answer = ada.ask("/json/generate", output_filename="../../over there")
    assert "filename=over_there.json" in ada.made(answer).headers["Content-Disposition"]
    answer = ada.ask("/csv/convert-to-excel", output_filename="plain", sheet_name="People")
    assert "filename=plain" in ada.made(answer).headers["Content-Disposition"]
    assert list(ada.sheets(answer)) == ["People", "Info"]


@pytest.mark.parametrize("name", ["...", "..%2F..%2Fbridge.db", "a%5Cb"])
def test_names_that_leave_the_folder(name: str, ada: Clerk) -> None:
    assert ada.get(f"/files/downloads/{name}").status == 400


def test_types_and_databases(ada: Clerk) -> None:
    types = ada.get("/api/v1/normalization/types")
    assert types.json["total"] == len(types.data) >= 20
    assert {"postgresql", "mysql", "sqlite"} <= set(ada.get("/sql/databases").data["databases"])


def test_other_origins_may_ask_and_download(ada: Clerk) -> None:
    ada.caller.headers["Origin"] = "https://studio.example"
    try:
        answer = ada.ask("/json/generate")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert ada.made(answer).headers["Access-Control-Allow-Origin"] == "*"
        wish = {"Access-Control-Request-Headers": "x-mine"}
        preflight = ada.caller.call("OPTIONS", "/api/v1/csv/info", headers=wish)
    finally:
        del ada.caller.headers["Origin"]
    assert preflight.status == 200
    assert preflight.headers["Access-Control-Allow-Headers"] == "x-mine"


@pytest.mark.parametrize(
    "file", [f for f in (*WORKBOOKS, *CSVS) if f.name in QUICK], ids=lambda file: file.name
)
def test_hostile_files_are_refused_by_name(file: Hostile, ada: Clerk, tmp_path: Path) -> None:
    path = file.write(tmp_path)
    answer = ada.ask("/excel/info", {"file": (path.name, path.read_bytes())})
    assert (answer.status, answer.json["error_code"]) == (422, file.code)
    assert path.name in answer.error


@pytest.mark.parametrize(("file", "kind"), MISTAKEN, ids=lambda value: getattr(value, "name", ""))
def test_the_actual_kind_is_said(file: Hostile, kind: str, ada: Clerk, tmp_path: Path) -> None:
    path = file.write(tmp_path)
    answer = ada.ask("/excel/info", {"file": (path.name, path.read_bytes())})
    assert (answer.status, answer.json["error_code"]) == (422, "wrong_file_kind")
    assert kind in answer.error


def test_worker_and_web_outlive_hostile_files(
    start_bridge: Callable[..., RunningBridge], tmp_path: Path
) -> None:
    running = start_bridge(CHAT_BRIDGE_RATE_LIMITS="off")
    ada = clerk(running)
    before = running.children("worker"), running.children("wsgi")
    for file in WORKBOOKS:
        if file.name in QUICK:
            path = file.write(tmp_path)
            ada.ask("/excel/info", {"file": (path.name, path.read_bytes())})
    assert ada.ask("/csv/info").status == 200
    assert (running.children("worker"), running.children("wsgi")) == before


def test_a_kind_nobody_reads(ada: Clerk) -> None:
    answer = ada.ask("/excel/info", {"file": ("letter.docx", b"PK\x03\x04")})
    assert (answer.status, answer.json["error_code"]) == (422, "unsupported_file_type")
    assert ".xlsx" in answer.error


def test_a_repeated_request_gets_the_first_answer(ada: Clerk) -> None:
    first = ada.ask("/json/generate", key="nightly-7").data["download_url"]
    assert ada.ask("/json/generate", key="nightly-7").data["download_url"] == first
    other = ada.ask("/json/generate", key="nightly-7", pretty_print="no")
    assert (other.status, other.json["error_code"]) == (409, "idempotency_conflict")


def test_sizes_time_and_room(start_bridge: Callable[..., RunningBridge]) -> None:
    """A server that may take little, with a worker that sleeps."""
    running = start_bridge(
        CHAT_BRIDGE_MAX_UPLOAD_MB="1",
        CHAT_BRIDGE_OPERATION_SECONDS="1",
        CHAT_BRIDGE_MAX_OPERATIONS="16",
        CHAT_BRIDGE_RESULT_HOURS="1",
    )
    ada = clerk(running)
    too_large = ada.ask("/csv/info", b"name\n" + b"a\n" * (2 << 20))
    assert (too_large.status, too_large.json["error_code"]) == (413, "too_large")
    workers = running.children("worker")
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    late = ada.ask("/csv/info")
    for pid in workers:
        os.kill(pid, signal.SIGCONT)
    assert (late.status, late.json["error_code"]) == (503, "operation_timed_out")
    assert int(late.headers["Retry-After"]) == late.json["retry_after"]
    assert ada.ask("/csv/info").status == 200


def test_keys_where_others_come(start_bridge: Callable[..., RunningBridge]) -> None:
    running = start_bridge(CHAT_BRIDGE_PUBLIC_URL="https://bridge.example")
    ada = clerk(running)
    refused = ada.ask("/csv/info")
    assert (refused.status, refused.json["error_code"]) == (401, "authentication_required")
    charles = Clerk(Caller(running.port, {"Authorization": f"Bearer {running.agent_key}"}))
    made = charles.ask("/json/generate").data["download_url"]
    assert made.startswith("https://bridge.example/api/v1/files/downloads/")
    path = made.removeprefix("https://bridge.example")
    assert ada.get(path).status == 200, "who has the link may download"
    assert ada.get("/normalization/types").status == 200


def test_visitors_of_a_proxy_need_a_key(ada: Clerk) -> None:
    ada.caller.headers["X-Forwarded-For"] = "203.0.113.9"
    try:
        assert ada.ask("/csv/info").status == 401
    finally:
        del ada.caller.headers["X-Forwarded-For"]
    assert ada.ask("/csv/info").status == 200
