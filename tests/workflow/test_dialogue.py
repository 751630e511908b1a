import pytest

from chat_bridge.model import Answer
from chat_bridge.workflow.plan import interpret


def answer(text: str) -> Answer:
    found = interpret(text)
    assert isinstance(found, Answer)
    return found


@pytest.mark.parametrize(
    ("sentence", "command"),
    [
        ("extract the columns name and email please", "/extract"),
        ("can you clean the data?", "/normalize"),
        ("show me only customers from Berlin", "/search"),
        ("convert this to excel", "/to-xlsx"),
        ("remove duplicates", "/dedupe"),
    ],
)
def test_a_sentence_is_answered_with_the_nearest_command(sentence: str, command: str) -> None:
    found = answer(sentence)
    assert found.buttons[0].label == command
    assert found.buttons[0].text.startswith(command)
    assert found.buttons[0].action == "fill", "its columns are the person's to fill in"
    assert command in found.text


def test_anything_else_says_what_the_agent_can_do() -> None:
    found = answer("good morning")
    assert "Attach" in found.text
    assert [button.label for button in found.buttons] == [
        "/extract",
        "/normalize",
        "/search",
        "/dedupe",
        "Help",
    ]


@pytest.mark.parametrize("text", ["help", " Help! ", "?", "", "   "])
def test_a_cry_for_help_is_help(text: str) -> None:
    assert answer(text) == answer("/help")


def test_every_button_leads_somewhere() -> None:
    for sentence in ("good morning", "find rows", "help", "/help extract", "/help normalize"):
        for button in answer(sentence).buttons:
            interpret(button.text)
