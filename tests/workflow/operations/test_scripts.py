"""/to-sql, /to-sql-text and /sql-template, as they are asked for."""

import json
from pathlib import Path
from typing import Any

import pytest

from chat_bridge.errors import CommandError
from chat_bridge.workflow.plan import check_step, interpret
from tests.workflow.operations.running import text_of, written

FILES = {
    "My people.csv": {
        "name": ["Ann", "Bob", "Ann"],
        "Full name": ["Ann Lee", None, "Ann Lee"],
        "order": ["1", "2", "1"],
    }
}


def inserts(command: Any, folder: Path) -> list[str]:
    lines = text_of(written(folder, command, FILES)).splitlines()
    return [line for line in lines if line.startswith("INSERT")]


def test_it_works_without_arguments(tmp_path: Path) -> None:
    result = written(tmp_path, "/to-sql", FILES)
    assert result.outputs[0].name == "My_people_sql.sql"
    assert result.summary == "3 INSERT statements."
    assert text_of(result).splitlines()[10:] == [
        "BEGIN;",
        "INSERT INTO my_people (name, \"Full name\", \"order\") VALUES ('Ann', 'Ann Lee', 1);",
        'INSERT INTO my_people (name, "Full name", "order") VALUES (\'Bob\', NULL, 2);',
        "INSERT INTO my_people (name, \"Full name\", \"order\") VALUES ('Ann', 'Ann Lee', 1);",
        "COMMIT;",
    ]
    assert text_of(result).endswith("COMMIT;\n")


@pytest.mark.parametrize(
    ("command", "first"),
    [
        ("/to-sql name", "INSERT INTO my_people (name) VALUES ('Ann');"),
        ("/to-sql who=name table=p", "INSERT INTO p (who) VALUES ('Ann');"),
        ("/sql columns=order db=mysql", "INSERT INTO my_people (`order`) VALUES (1);"),
        ("/sql columns=order db=mssql", "INSERT INTO my_people ([order]) VALUES (1);"),
        ("/sql name table=hr.People", "INSERT INTO hr.\"People\" (name) VALUES ('Ann');"),
        ("/sql name table='a\"b'", 'INSERT INTO "a""b" (name) VALUES (\'Ann\');'),
        ("/sql name db=sqlserver table='a]b'", "INSERT INTO [a]]b] (name) VALUES (N'Ann');"),
        ("/sql x=name autoincrement=sequence", "(id, x) VALUES (nextval('seq_id'), 'Ann');"),
        ("/sql id=name auto_increment=yes order", 'INSERT INTO my_people ("order") VALUES (1);'),
    ],
)
def test_names(command: str, first: str, tmp_path: Path) -> None:
    assert inserts(command, tmp_path)[0].endswith(first)


def test_each_row_once_by_what_is_written(tmp_path: Path) -> None:
    """The reference forgot remove_duplicates when no columns were given."""
    assert len(inserts("/to-sql unique", tmp_path)) == 2
    assert len(inserts("/to-sql-text columns=name unique format=txt", tmp_path)) == 2
    result = written(tmp_path, "/to-sql-text name format=txt unique", FILES)
    assert result.outputs[0].name == "My_people_sql_text.txt"
    assert result.summary == "2 INSERT statements, 1 duplicate removed."


@pytest.mark.parametrize(
    "given",
    [
        {
            "enabled": True, "column_name": "nr", "increment_type": "manual_sequence",
            "start_value": 0,
        },
        {"enabled": True, "columnName": "nr", "incrementType": "SEQUENCE", "startValue": "0"},
        {
            "enabled": "yes", "columnName": "no", "column_name": "nr", "startValue": 9,
            "start_value": 0, "incrementType": "manual", "sequenceName": "",
        },
    ],
)  # fmt: skip
def test_numbering_in_both_spellings(given: dict[str, Any], tmp_path: Path) -> None:
    arguments = {"auto_increment": given, "database_type": "MySQL", "columns": ["name"]}
    step = check_step("sql/generate", arguments)
    assert json.loads(json.dumps(step.arguments)) == step.arguments, "steps are kept as JSON"
    assert check_step("sql/generate", step.arguments).arguments == step.arguments
    assert inserts(step, tmp_path)[1] == "INSERT INTO my_people (nr, name) VALUES (1, 'Bob');"


def test_an_old_template_knows_mapped_names_and_three_words(tmp_path: Path) -> None:
    command = "/to-sql n=name template='{n} {name} {n:int} {current_date} {auto_id}'"
    lines = text_of(written(tmp_path, command, FILES)).splitlines()
    assert lines[-2] == "'Ann' {name} {n:int} CURRENT_DATE {auto_id}"


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{name}", "'Ann'"),
        ('"{name}"', "'Ann'"),
        ("'INSERT INTO t VALUES ({name})'", "INSERT INTO t VALUES ('Ann')"),
        ("'{name}', '{order}'", "'Ann', '1'"),
        ("{%name%} {name_} {_name:string%}", "'%Ann%' 'Ann_' '_Ann%'"),
        ("{order:float} {order:bool} {order:int|9}", "1.0 TRUE 1"),
        ("{zz|x} {zz} '{zz}' {current_timestamp}", "'x' NULL '' CURRENT_TIMESTAMP"),
        ("{current_date}", "CURRENT_DATE"),
        ("{{{name}}}", "{'Ann'}"),
        ("SELECT 1;", "SELECT 1;"),
        ("'{name}' || {Full name}", "'Ann' || 'Ann Lee'"),
    ],
)
def test_templates(template: str, line: str, tmp_path: Path) -> None:
    step = check_step("sql/generate-custom-to-text", {"template": template})
    assert text_of(written(tmp_path, step, FILES)).splitlines()[4] == line


def test_a_name_with_an_underscore_is_a_name(tmp_path: Path) -> None:
    """It was taken for a wildcard."""
    files = {"a.csv": {"_x": ["1"], "x": ["2"], "y": ["3"]}}
    step = check_step("sql/generate-custom-to-text", {"template": "{_x} {x} {_x%} {%_x%} {_y%}"})
    assert text_of(written(tmp_path, step, files)).splitlines()[4] == "'1' '2' '1%' '%1%' '_3%'"


def test_what_stands_for_nothing_is_warned_of(tmp_path: Path) -> None:
    step = check_step("sql/generate-custom-to-text", {"template": "{zz} {name}"})
    result = written(tmp_path, step, FILES)
    assert result.warnings == ("'zz' is neither mapped nor a column, so it is NULL.",)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/to-sql x=nam", "There is no column 'nam'; did you mean 'name'?"),
        ("/to-sql columns=nam", "did you mean 'name'"),
        ("/to-sql columns=order x=name", "There is no column 'name'"),
        ("/to-sql db=oracle", "'oracle' is not one of its values"),
        ("/to-sql db=postgre", "did you mean 'postgresql'"),
        ("/to-sql table=' '", "it is blank"),
        ("/to-sql table='a\nb'", "cannot be a name in a database"),
        ("/to-sql auto_increment=seriel", "there is no type 'seriel'; did you mean 'serial'?"),
        ('/to-sql auto_increment={"colum": 1}', "there is no setting 'colum'"),
        ('/to-sql auto_increment={"start_value": "x"}', "'x' is not a whole number"),
        ("/sql-template", "/sql-template needs 'template'"),
        ("/sql-template template=' '", "it is blank"),
        ("/sql-template template='{a}' a=nam", "did you mean 'name'"),
    ],
)
def test_refusals_say_what_is_wrong(command: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        written(tmp_path, command, FILES)
    assert sentence in refused.value.message
    assert refused.value.status == 422


def test_nothing_can_follow_a_text() -> None:
    with pytest.raises(CommandError, match="/to-sql makes a text file, so /dedupe cannot follow"):
        interpret("/to-sql | dedupe")
