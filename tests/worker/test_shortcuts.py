"""The last command again, and pipelines under a name of their own."""

from collections.abc import Callable

import pytest

from chat_bridge.model import Response
from tests.worker.workshop import Workshop

Say = Callable[[str], Response]


@pytest.fixture
def say(workshop: Workshop) -> Say:
    """What the answer to a command is; the customers were uploaded before."""
    first = workshop.given("/dedupe by=city")
    workshop.handler.handle(first)

    def answered(text: str) -> Response:
        workshop.say(text)
        job = workshop.claim()
        workshop.handler.handle(job)
        return workshop.answers(job)[-1]

    return answered


def test_the_last_command_again_and_with_more(say: Say, workshop: Workshop) -> None:
    again = say("/again")
    assert (again.kind, again.text) == ("result", "2 rows, 1 duplicate removed.")
    assert say("/again | to-xlsx").metadata["attachments"][0].endswith(".xlsx")
    assert say("/again keep=last").metadata["buttons"][0]["text"] == "/dedupe by=city keep=last"


def test_a_result_can_be_run_again_or_edited(say: Say) -> None:
    assert say("/again").metadata["buttons"] == [
        {"label": "Edit", "text": "/dedupe by=city", "action": "fill"},
        {"label": "Run again", "text": "/dedupe by=city", "action": "send"},
    ]


def test_a_preview_offers_the_whole_run(say: Say, workshop: Workshop) -> None:
    before = len(workshop.outputs())
    shown = say("/dedupe by=city preview=yes | to-xlsx")
    assert shown.text.startswith("Preview of the first 3 rows; nothing was stored.")
    assert shown.metadata["preview"]["rows"][0] == ["Ada", "Berlin"]
    assert shown.metadata["buttons"][0] == {
        "label": "Run on all rows", "text": "/dedupe by=city | to-xlsx", "action": "send",
    }  # fmt: skip
    assert len(workshop.outputs()) == before


def test_a_pipeline_under_a_name(say: Say) -> None:
    saved = say("/save Berlin-only /search city=Berlin | extract name")
    assert "`/berlin-only` now does:" in saved.text
    assert say("/berlin-only").text.startswith("2 rows")
    assert say("/Berlin-Only | to-xlsx").metadata["attachments"][0].endswith(".xlsx")
    assert "/berlin-only" in say("/saved").text
    assert "- `/berlin-only` — `/search city=Berlin | extract name`" in say("/help").text
    assert say("/forget berlin-only").text == "`/berlin-only` is forgotten."
    assert say("/berlin-only").kind == "error"
    assert "Nothing is saved yet" in say("/saved").text


def test_the_last_command_is_saved_by_default(say: Say) -> None:
    say("/save name=cities")
    assert say("/cities").text == "2 rows, 1 duplicate removed."
    say("/save cities /dedupe by=name")
    assert say("/cities").text == "3 rows."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/save", "/save needs a name"),
        ("/save 1x", "cannot be a name"),
        ("/save dedupe", "is a command already"),
        ("/save again", "is a command already"),
        ("/save x dedupe", "begins with '/'"),
        ("/save x /dedup", "did you mean '/dedupe'"),
        ("/save x /help", "Help cannot be saved"),
        ("/forget nothing", "There is no saved pipeline 'nothing'"),
        ("/forget", "/forget needs a name, for example: /forget monthly"),
    ],
)
def test_what_cannot_be_saved(say: Say, text: str, sentence: str) -> None:
    answer = say(text)
    assert answer.kind == "error"
    assert sentence in answer.text


def test_nothing_to_do_again(workshop: Workshop) -> None:
    workshop.say("/again")
    job = workshop.claim()
    workshop.handler.handle(job)
    assert "There is no earlier command" in workshop.answers(job)[-1].text
