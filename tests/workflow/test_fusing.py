import pytest

from chat_bridge.errors import BadArgument
from chat_bridge.model import Step
from chat_bridge.workflow import registry
from chat_bridge.workflow.fusing import check_order, facts, fuse, looks
from tests.workflow.operations.running import fused, steps, table

CELLS = {"name": ["Ann", "Bob", "Ann", "Zoë"]}


def test_what_was_only_looked_at_is_not_counted_twice() -> None:
    """Looking and composing read the rows before they are written."""
    found = fused("/dedupe | describe | to-sql", CELLS)
    assert [tally.rows for tally in found.tallies if tally] == [0]
    assert found.source is not None
    assert found.source.rows == 0
    found.frame.collect(engine="streaming")
    assert [tally.rows for tally in found.tallies if tally] == [3]


def test_facts_of_all_steps_come_together() -> None:
    found = fused("/describe | info | to-sql table=people", CELLS)
    told = facts(found)
    assert told["profile"][0]["distinct"] == 3
    assert told["rows"] == 4
    assert told["table_name"] == "people"


@pytest.mark.parametrize("command", ["/to-sql | info", "/to-json | to-csv", "/dedupe | sql | json"])
def test_a_text_is_the_end(command: str) -> None:
    asked = [
        Step(registry.find(word.strip(" /").split()[0]).name, {}) for word in command.split("|")
    ]
    with pytest.raises(BadArgument, match="put it last"):
        check_order(asked)


def test_which_operations_only_look() -> None:
    assert looks(registry.find("info"))
    assert not looks(registry.find("join"))
    assert fuse(table(CELLS), steps("/info | describe")).only_looks
    assert not fuse(table(CELLS), steps("/info | dedupe")).only_looks
    assert not fuse(table(CELLS), []).only_looks
