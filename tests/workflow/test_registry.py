import json
import subprocess
import sys

import pytest

from chat_bridge.errors import UnknownCommand
from chat_bridge.model import Plan
from chat_bridge.workflow import registry
from chat_bridge.workflow.plan import interpret

COMMANDS = {
    "diff": "diff",
    "filter": "filter",
    "validate": "validate",
    "excel/extract-columns-to-file": "extract",
    "csv/convert-to-excel": "to-xlsx",
    "excel/convert-to-csv": "to-csv",
    "normalization/apply": "normalize",
    "excel/search": "search",
    "deduplicate": "dedupe",
    "excel/info": "info",
    "describe": "describe",
    "excel/extract-columns": "values",
    "excel/search/suggest-operators": "operators",
    "drop-columns": "drop",
    "excel/map-columns": "map",
    "rename-columns": "rename",
    "split-column": "split",
    "concatenate-columns": "concat",
    "sort": "sort",
    "sample": "sample",
    "summarise": "summarise",
    "excel/bind-single-key": "join",
    "file/bind": "paste",
    "file/bind-preview": "paste-preview",
    "json/generate": "to-json",
    "json/generate-with-template": "json-template",
    "sql/generate": "to-sql",
    "sql/generate-to-text": "to-sql-text",
    "sql/generate-custom-to-text": "sql-template",
}
STEPS = """
    excel/extract-columns excel/extract-columns-to-file excel/map-columns excel/bind-single-key
    excel/bind-multi-key excel/search csv/convert-to-excel csv/search normalization/apply
    sql/generate sql/generate-to-text sql/generate-custom-to-text json/generate
    json/generate-with-template excel/info csv/info file/bind file/bind-preview
"""


def test_every_operation_has_a_command() -> None:
    assert {o.name: o.command for o in registry.operations()} == COMMANDS


def test_the_catalogue_is_plain_json_in_the_shape_of_the_wire() -> None:
    for listed in json.loads(json.dumps(registry.catalogue())):
        assert {"name", "command", "aliases", "summary", "help", "arguments", "examples"} <= set(
            listed
        )
        assert listed["summary"]
        assert listed["help"]
        for argument in listed["arguments"]:
            assert set(argument) == {
                "name",
                "aliases",
                "type",
                "required",
                "default",
                "choices",
                "help",
            }
            assert argument["help"].endswith("."), f"{listed['name']} {argument['name']}"


@pytest.mark.parametrize("name", STEPS.split())
def test_every_step_of_the_contract_is_known(name: str) -> None:
    assert registry.find(name)


def test_every_operation_has_its_place_in_help() -> None:
    groups = [o.group for o in registry.operations()]
    assert groups == sorted(groups, key=registry.GROUPS.index)
    assert set(groups) == set(registry.GROUPS)


@pytest.mark.parametrize(
    "example", [example for o in registry.operations() for example in o.examples]
)
def test_every_example_is_a_command_that_works(example: str) -> None:
    plan = interpret(example)
    assert isinstance(plan, Plan)
    assert all(step.title for step in plan.steps)


@pytest.mark.parametrize("name", ["extract", "/EXTRACT", "select", "excel/extract-columns-to-file"])
def test_an_operation_is_found_by_any_of_its_names(name: str) -> None:
    assert registry.find(name).name == "excel/extract-columns-to-file"


def test_searches_of_both_kinds_of_files_are_one_operation() -> None:
    assert registry.find("csv/search") is registry.find("excel/search")


def test_an_unknown_command_suggests_the_nearest() -> None:
    with pytest.raises(UnknownCommand) as found:
        registry.find("extrat", position=4)
    assert found.value.message == "There is no command '/extrat'; did you mean '/extract'?"
    assert found.value.details == {"command": "extrat", "nearest": "extract", "position": 4}


def test_a_far_off_command_points_to_help() -> None:
    with pytest.raises(UnknownCommand, match="type /help"):
        registry.find("qqqqq")


def test_a_name_is_registered_once() -> None:
    again = registry.find("extract")
    with pytest.raises(ValueError, match="registered twice"):
        registry.register(again)


def test_nearest_forgets_letter_case() -> None:
    assert registry.nearest("EMIAL", ["Email", "Name"]) == "Email"
    assert registry.nearest("zzz", ["Email"]) is None


def test_the_catalogue_needs_no_table_library() -> None:
    """Web processes read it for the palette."""
    code = (
        "import sys; from chat_bridge.workflow import plan, registry; registry.catalogue();"
        "plan.interpret('/extract name | normalize email=email | search a>1 | dedupe');"
        "heavy = ('polars', 'pandas', 'openpyxl', 'python_calamine');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
