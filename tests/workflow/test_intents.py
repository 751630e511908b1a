import pytest

from chat_bridge.workflow import intents


def first(sentence: str) -> tuple[str, float] | None:
    ranked = intents.rank(sentence)
    return (ranked[0].intent.name, ranked[0].confidence) if ranked else None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("extract columns: name, email, phone", ("extract_columns", 1.0)),
        ("convert to JSON", ("convert_format", 0.7)),
        ("convert to JSON format", ("generate_json", 1.0)),
        ("convert csv to excel", ("convert_format", 0.7)),
        ("normalize data - uppercase and trim", ("normalize_data", 1.0)),
        ("standardize phone numbers", ("normalize_data", 0.3)),
        ("generate SQL for table users", ("generate_sql", 1.0)),
        ("merge with customer_info.xlsx", ("bind_data", 0.7)),
        ("show me only rows from Berlin", ("search_filter", 0.4)),
        ("rename columns", ("map_columns", 0.7)),
        ("good morning", None),
    ],
)
def test_sentences_are_recognised(sentence: str, expected: tuple[str, float] | None) -> None:
    """Confidences as recorded from the reference classifier (bot.classify.*)."""
    assert first(sentence) == expected


def test_ties_keep_the_order_of_the_list() -> None:
    ranked = [score.intent.name for score in intents.rank("convert to json")]
    assert ranked == ["convert_format", "generate_json"]


def test_there_are_eight_intents() -> None:
    assert len(intents.INTENTS) == 8
