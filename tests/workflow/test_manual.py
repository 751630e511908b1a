import pytest

from chat_bridge.errors import UnknownCommand
from chat_bridge.model import Answer
from chat_bridge.workflow import registry
from chat_bridge.workflow.plan import interpret


def page(text: str) -> str:
    found = interpret(text)
    assert isinstance(found, Answer)
    return found.text


def test_help_lists_every_command() -> None:
    text = page("/help")
    for operation in registry.operations():
        assert f"| `/{operation.command}` | {operation.summary} |" in text
    assert "file=" in text
    assert "sheet=" in text


@pytest.mark.parametrize("operation", registry.operations(), ids=lambda o: o.command)
def test_every_command_has_a_page_with_its_arguments(operation: registry.Operation) -> None:
    text = page(f"/help {operation.command}")
    assert operation.summary in text
    for argument in operation.arguments:
        assert f"| `{argument.name}`" in text
        assert argument.help in text
    for example in operation.examples:
        assert example in text


@pytest.mark.parametrize("asked", ["/help find", "/help /search", "/? csv/search", "/HELP Search"])
def test_help_knows_every_name(asked: str) -> None:
    assert page(asked) == page("/help search")


def test_help_for_nothing_known_suggests() -> None:
    with pytest.raises(UnknownCommand, match="did you mean '/extract'"):
        interpret("/help extrakt")


def test_pipes_in_a_table_do_not_break_it() -> None:
    for operation in registry.operations():
        rows = [line for line in page(f"/help {operation.command}").splitlines() if line[:1] == "|"]
        assert all(row.replace("\\|", "").count("|") == 4 for row in rows)
