import pytest

from chat_bridge.errors import BadSheetName
from chat_bridge.workflow.plan import check_step
from chat_bridge.workflow.registry import Target, find
from tests.workflow.operations.running import PEOPLE, fused, ran


@pytest.mark.parametrize("command", ["/to-xlsx", "/to-csv"])
def test_the_table_stays_as_it_is(command: str) -> None:
    assert ran(command).columns == list(PEOPLE)
    assert ran(command)["amount"].to_list() == PEOPLE["amount"]


def test_the_last_conversion_decides() -> None:
    assert fused("/to-xlsx sheet_name=A | to-csv").target == Target("csv")
    assert fused("/to-csv | to-xlsx sheet_name=A | dedupe").target == Target("xlsx", "A")
    assert fused("/dedupe").target == Target("csv")


@pytest.mark.parametrize(("asked", "sheet"), [({}, "Sheet1"), ({"sheet_name": " "}, "Sheet1")])
def test_a_sheet_has_a_name(asked: dict[str, str], sheet: str) -> None:
    step = check_step("csv/convert-to-excel", asked)
    assert find(step.operation).target(step.arguments) == Target("xlsx", sheet)


@pytest.mark.parametrize("name", ["a/b", "x" * 32, "'a", "a'", "[1]"])
def test_names_excel_refuses_are_refused(name: str) -> None:
    with pytest.raises(BadSheetName):
        check_step("csv/convert-to-excel", {"sheet_name": name})
