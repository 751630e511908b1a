"""Statuses, sentences and fields the founding contract states, one by one."""

import pytest

from tests.api.operations.caller import PEOPLE, Clerk, multipart

OTHER = b"name,phone,fax\nAda,1,2\nAda,3,4\n"


def test_a_title_no_sheet_can_have_is_a_bad_request(ada: Clerk) -> None:
    answer = ada.ask("/csv/convert-to-excel", sheet_name="a/b")
    assert (answer.status, answer.json["error_code"]) == (400, "bad_sheet_name")


def test_either_address_tells_the_dialect(ada: Clerk) -> None:
    for path in ("/excel/info", "/csv/info"):
        data = ada.ask(path).data
        assert (data["delimiter"], data["encoding"]) == (",", "utf-8"), path


@pytest.mark.parametrize(
    ("path", "fields", "sentence"),
    [
        (
            "/excel/bind-single-key",
            {"comparison_column": "city", "bind_columns": ["phone"]},
            "Column 'city' not found in the second file; its columns are name, phone, fax.",
        ),
        (
            "/excel/bind-multi-key",
            {"comparison_columns": ["name"], "bind_columns": ["fone", "mobile"]},
            "Columns 'fone', 'mobile' not found in the second file; its columns are",
        ),
        (
            "/excel/bind-multi-key",
            {"comparison_columns": ["nam", "cit"], "bind_columns": ["phone"]},
            "Columns 'nam', 'cit' not found in data; the columns are name, city, amount.",
        ),
    ],
)
def test_every_column_that_is_not_there_is_named(
    path: str, fields: dict[str, object], sentence: str, ada: Clerk
) -> None:
    files = {"source_file": ("a.csv", PEOPLE), "bind_file": ("b.csv", OTHER)}
    answer = ada.ask(path, files, **fields)
    assert answer.status == 422
    assert answer.error.startswith(sentence)


def test_pasting_names_every_column_that_is_not_there(ada: Clerk) -> None:
    files = {"target_file": ("a.csv", PEOPLE), "source_file": ("b.csv", OTHER)}
    answer = ada.ask("/files/bind", files, column_mapping={"city": "x", "amount": "y"})
    assert answer.error.startswith("Columns 'x', 'y' not found in the second file")
    twice = ada.ask("/files/bind", files, column_mapping={"city": "fax", "amount": "fax"})
    assert ada.sheets(twice)["Sheet1"][1] == ["Ada", "2", "2"]


def test_a_single_key_is_told_under_its_own_name(ada: Clerk) -> None:
    files = {"source_file": ("a.csv", PEOPLE), "bind_file": ("b.csv", OTHER)}
    fields = {"comparison_column": "name", "bind_columns": ["phone"]}
    told = ada.ask("/excel/bind-single-key", files, **fields).data["statistics"]
    assert told["comparison_column"] == "name"
    assert told["duplicate_keys_removed"] == 1


BROKEN = [
    ({"pattern": "("}, "The pattern '(' is not a regular expression: unclosed group."),
    ({"pattern": "(?=a)"}, "the pattern uses look-ahead, which is not available (regex_replace)."),
    ({"pattern": "a", "replacement": r"\2"}, "The replacement names the group '2'"),
]


@pytest.mark.parametrize(("parameters", "reason"), BROKEN, ids=["broken", "lacking", "group"])
def test_a_rule_whose_pattern_cannot_be_is_an_error_of_the_report(
    parameters: dict[str, str], reason: str, ada: Clerk
) -> None:
    rule = {"column": "city", "type": "regex_replace", "parameters": parameters}
    rules = [rule, {"column": "name", "type": "upper"}]
    answer = ada.ask("/normalization/apply", normalizations=rules, return_report="true")
    assert answer.status == 200, answer.body
    (error,) = answer.data["report"]["errors"]
    assert error["message"].startswith(f"Error normalizing 'city': {reason}")
    assert ada.sheets(answer)["Sheet1"][1][:2] == ["ADA", "Berlin"]
    (warning,) = ada.ask("/normalization/apply", normalizations=rules).data["warnings"]
    assert warning == error["message"]


def test_a_rule_without_column_or_type_is_an_error_in_words(ada: Clerk) -> None:
    rules = [{"type": "upper"}, {"column": "name"}]
    warnings = ada.ask("/normalization/apply", normalizations=rules).data["warnings"]
    assert warnings == [
        "Error normalizing '': A rule names a column and a type.",
        "Error normalizing 'name': A rule names its type.",
    ]


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_what_is_no_number_of_json_is_refused(number: str, ada: Clerk) -> None:
    answer = ada.ask("/csv/map-columns", mapping=f'{{"a": {{"default": {number}}}}}')
    assert (answer.status, answer.json["details"]["argument"]) == (422, "mapping")


@pytest.mark.parametrize(
    "fields", [{f"f{n}": "1" for n in range(1500)}, {"columns": "x" * 600_000}]
)
def test_a_form_that_is_too_large_is_told_from_a_file_that_is(
    fields: dict[str, str], ada: Clerk
) -> None:
    answer = ada.ask("/csv/info", **fields)
    assert (answer.status, answer.json["error_code"]) == (413, "too_large")
    assert answer.error == "Beside the file a form may have 50 fields, with 262 kB together."


def test_a_field_whose_name_cannot_be_read_is_refused(ada: Clerk) -> None:
    """Its quote never ends: such a part has no name at all."""
    body = multipart("b", {"file": ("people.csv", PEOPLE)}, {"x\\": "1"})
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = ada.caller.call("POST", "/csv/info", body, headers=kind)
    assert (answer.status, answer.json["error_code"]) == (422, "invalid_argument")
    assert answer.error == "A field of the form has a name that cannot be read."


def test_one_row_is_no_rows(ada: Clerk) -> None:
    one = b"name\nAda\n"
    assert ada.ask("/csv/info", one).json["message"] == "The file was read: 1 row."
    condition = [{"column": "name", "value": "Ada"}]
    found = ada.ask("/csv/search", one, conditions=condition)
    assert found.json["message"] == "Found 1 matching row of 1."
    tried = ada.ask("/csv/search", one, conditions=condition, preview="yes")
    assert tried.json["message"] == "A preview of the first 1 row; nothing was stored."
    files = {"source_file": ("a.csv", one), "bind_file": ("b.csv", b"name,x\nBob,1\n")}
    bound = ada.ask("/csv/bind-single-key", files, comparison_column="name", bind_columns=["x"])
    assert bound.json["message"] == "0 of 1 row has a match."


def test_the_dialect_is_named_as_it_was_sent(ada: Clerk) -> None:
    fields = {"table_name": "t", "column_mapping": {"n": "name"}}
    assert ada.ask("/sql/generate", **fields).data["database_type"] == "postgresql"
    named = ada.ask("/sql/generate", **fields, database_type="SQLite")
    assert named.data["database_type"] == "SQLite"


def test_an_unknown_method_of_filling_is_told_in_the_report(ada: Clerk) -> None:
    rule = {"column": "city", "type": "fill", "parameters": {"method": "meen", "value": "-"}}
    told = ada.ask("/normalization/apply", normalizations=[rule], return_report="true")
    (warning,) = told.data["report"]["warnings"]
    assert warning["message"].startswith("'meen' is no method of fill_null_values")
    rule = {"column": "city", "type": "uppercas"}
    said = ada.ask("/normalization/apply", normalizations=[rule]).data["warnings"]
    assert said == [
        "Error normalizing 'city': Invalid normalization type: 'uppercas'; "
        "did you mean 'uppercase'?"
    ]
