import pytest

from chat_bridge.model import Plan, StepCount
from chat_bridge.workflow import outcome, registry
from chat_bridge.workflow.plan import interpret
from chat_bridge.workflow.tally import UNREAD, Tally


def named(command: str, source: str, kind: str = "csv") -> str:
    plan = interpret(command)
    assert isinstance(plan, Plan)
    operations = [registry.find(step.operation) for step in plan.steps]
    return outcome.file_name(source, plan, operations, kind)


@pytest.mark.parametrize(
    ("command", "source", "name"),
    [
        ("/extract a", "customers.csv", "customers_extracted.csv"),
        ("/normalize a=trim", "customers.xlsx", "customers_normalized.csv"),
        ("/search a=1", "my customers (1).csv", "my_customers_1_search.csv"),
        ("/dedupe", "数据.csv", "数据_deduplicated.csv"),
        ("/to-csv", "a.b.xlsx", "a.b_converted.csv"),
        ("/extract a | to-csv", "a.xlsx", "a_extracted.csv"),
        ("/extract a | search b=1 | dedupe", "a.csv", "a_deduplicated.csv"),
        ("/dedupe", "../../etc/passwd.csv", "passwd_deduplicated.csv"),
        ("/dedupe", "..\\..\\x.csv", "x_deduplicated.csv"),
        ("/dedupe", "...", "result_deduplicated.csv"),
        ("/dedupe", "a" * 300 + ".csv", "a" * 80 + "_deduplicated.csv"),
        ("/dedupe output=clean.xlsx", "a.csv", "clean.csv"),
        ("/dedupe output='../../evil'", "a.csv", "evil.csv"),
        ("/dedupe output='<script>'", "a.csv", "script.csv"),
    ],
)
def test_names_tell_what_was_done_and_stay_in_the_folder(
    command: str, source: str, name: str
) -> None:
    assert named(command, source) == name


@pytest.mark.parametrize(
    ("commands", "counts", "sentence"),
    [
        (["dedupe"], [StepCount(8214, 8177)], "8,177 rows, 37 duplicates removed."),
        (
            ["normalize", "dedupe"],
            [StepCount(8214, 8214, 212), StepCount(8214, 8177)],
            "8,177 rows, 37 duplicates removed, 212 cells cleaned.",
        ),
        (["search"], [StepCount(10, 1)], "1 row, 9 rows left out."),
        (["search"], [StepCount(10, 0)], "The result has no rows, 10 rows left out."),
        (["normalize"], [StepCount(2, 2, 1)], "2 rows, 1 cell cleaned."),
        (["normalize"], [StepCount(2, 2, 0)], "2 rows, 0 cells cleaned."),
        (["to-xlsx"], [StepCount(0, 0)], "The table has no rows."),
        (
            ["dedupe", "search", "dedupe"],
            [StepCount(9, 8), StepCount(8, 4), StepCount(4, 2)],
            "2 rows, 3 duplicates removed, 4 rows left out.",
        ),
    ],
)
def test_the_summary_is_a_sentence(
    commands: list[str], counts: list[StepCount], sentence: str
) -> None:
    assert outcome.summary([registry.find(name) for name in commands], counts) == sentence


def test_lost_cells_are_warned_of_by_column() -> None:
    tally = Tally(sums={f"{UNREAD}date:joined": 1200, f"{UNREAD}amount:price": 1})
    assert outcome.warnings([None, tally]) == (
        "1,200 cells in 'joined' could not be read as dates and are blank now.",
        "1 cell in 'price' could not be read as an amount and is blank now.",
    )
