from chat_bridge.workflow import registry
from tests.workflow.operations.page import PAGE, page


def test_the_page_of_operations_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_the_page_has_every_operation_and_an_example_of_it() -> None:
    text = page()
    for operation in registry.operations():
        assert f"| `/{operation.command}` | `{operation.name}`" in text
        assert f"\n### /{operation.command}\n" in text
