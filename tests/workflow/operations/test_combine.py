"""/join, /paste and /paste-preview."""

from pathlib import Path
from typing import Any

import pytest

from chat_bridge.errors import CommandError
from chat_bridge.workflow.plan import check_step
from tests.workflow.operations.running import text_of, written

PEOPLE = {"name": ["Ann", "Bob", None, "Zoë"], "city": ["Oslo", "Rome", "Oslo", "Oslo"]}
PHONES = {
    "name": ["Zoë", "Ann", "Ann", None],
    "tel": ["3", "1", "2", "9"],
    "kind": ["a", "b", "c", "d"],
}
FILES = {"people.csv": PEOPLE, "phones.csv": PHONES}


@pytest.mark.parametrize(
    "command",
    [
        "/join",
        "/join on=name",
        "/bind with=phones.csv tel,kind",
        "/lookup tel kind by=NAME with=PHONES.csv",
        "/join with='C:\\elsewhere\\phones.csv'",
    ],
)
def test_join(command: str, tmp_path: Path) -> None:
    result = written(tmp_path, command, FILES)
    assert text_of(result).splitlines() == [
        "name,city,tel,kind", "Ann,Oslo,1,b", "Bob,Rome,,", ",Oslo,,", "Zoë,Oslo,3,a",
    ]  # fmt: skip
    assert result.data["matched_rows"] == 2
    assert result.data["statistics"]["match_percentage"] == 50.0


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("excel/bind-single-key", {"comparison_column": "name", "bind_columns": ["tel"]}),
        ("excel/bind-single-key", {"key_column": "name", "source_columns": ["tel"]}),
        ("excel/bind-multi-key", {"key_columns": ["name"], "source_columns": ["tel"]}),
        ("excel/bind-multi-key", {"comparison_columns": ["name"], "bind_columns": ["tel"]}),
    ],
)
def test_both_vocabularies(operation: str, arguments: dict[str, Any], tmp_path: Path) -> None:
    result = written(tmp_path, check_step(operation, arguments), FILES)
    assert text_of(result).startswith("name,city,tel\nAnn,Oslo,1\n")


def test_keys_are_compared_as_texts(tmp_path: Path) -> None:
    files = {
        "a.csv": {"k": ["2", "02", "2.0"], "l": ["x", "x", "x"]},
        "b.csv": {"k": ["02", "2"], "l": ["x", "x"], "v": ["zero", "plain"]},
    }
    assert text_of(written(tmp_path, "/join on=k,l", files)).splitlines()[1:] == [
        "2,x,plain", "02,x,zero", "2.0,x,",
    ]  # fmt: skip


def test_a_join_goes_on_in_a_pipeline(tmp_path: Path) -> None:
    result = written(tmp_path, "/search city=Oslo | join | drop kind | sort tel desc", FILES)
    assert text_of(result).splitlines()[1:] == ["Zoë,Oslo,3", "Ann,Oslo,1", ",Oslo,"]
    assert result.data["source_rows"] == 3


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/join on=nam", "There is no column 'nam'; did you mean 'name'?"),
        ("/join on=city", "The second file has no column 'city'"),
        ("/join on=name columns=tell", "The second file has no column 'tell'; did you mean 'tel'?"),
        ("/join with=phone.csv", "no spreadsheet 'phone.csv' in this conversation; did you mean"),
        ("/join on=name columns=name", "the second file has nothing to bring in"),
        ("/rename city=tel | join on=name columns=tel", "this table has a column 'tel' already"),
        ("/drop name | join", "Say which column the files have in common"),
        ("/paste", "/paste needs 'column_mapping'"),
        ("/paste city=tell", "The second file has no column 'tell'; did you mean 'tel'?"),
        ("/paste citi=tel", "There is no column 'citi'; did you mean 'city'?"),
        ("/paste citi=tell", "Source column 'tell' not found, Target column 'citi' not found."),
    ],
)
def test_refusals_say_what_is_wrong(command: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        written(tmp_path, command, FILES)
    assert sentence in refused.value.message
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"people.csv": PEOPLE}, "needs a second spreadsheet"),
        (
            {**FILES, "more.csv": PHONES},
            "Say which file to take with bind_file=: phones.csv, more.csv.",
        ),
    ],
)
def test_which_file_is_meant(files: Any, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        written(tmp_path, "/join on=name", files)
    assert sentence in refused.value.message


def test_paste_goes_row_by_row(tmp_path: Path) -> None:
    files = {"a.csv": {"n": ["1", "2", "3"], "p": ["x", "y", "z"]}, "b.csv": {"q": ["A", "B"]}}
    assert text_of(written(tmp_path, "/paste p=q", files)) == "n,p\n1,A\n2,B\n3,\n"
    assert text_of(written(tmp_path, "/search n>1 | paste p=q", files)) == "n,p\n2,A\n3,B\n"


def test_paste_preview_names_every_issue(tmp_path: Path) -> None:
    step = check_step("files/bind/preview", {"column_mapping": {"nope": "tell", "city": "tel"}})
    result = written(tmp_path, step, FILES)
    assert result.outputs == ()
    assert result.data["mapping_valid"] is False
    assert result.data["issues"] == [
        "Source column 'tell' not found",
        "Target column 'nope' not found",
    ]
    assert written(tmp_path, "/paste-preview city=tel", FILES).data["mapping_valid"] is True


def test_how_many_rows_met_another_is_said(tmp_path: Path) -> None:
    assert written(tmp_path, "/join on=name", FILES).summary == "4 rows, 2 with a match."
