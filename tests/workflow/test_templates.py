import polars as pl
import pytest

from chat_bridge.errors import UnknownColumn
from chat_bridge.workflow import templates
from chat_bridge.workflow.templates import Placeholder


@pytest.mark.parametrize(
    ("template", "parts"),
    [
        ("", ()),
        ("plain", ("plain",)),
        ("{a}", (Placeholder("a"),)),
        ("x{ a : INT | 5 }y", ("x", Placeholder("a", "int", "5"), "y")),
        ("{a|b|c:d}", (Placeholder("a", "", "b|c:d"),)),
        ("{a|}", (Placeholder("a", "", ""),)),
        ("{}{{}}", ("{}{}",)),
        ("{{a}} {b}}}", ("{a} ", Placeholder("b"), "}")),
        ("{a", ("{a",)),
        ("}{a}", ("}", Placeholder("a"))),
    ],
)
def test_parts(template: str, parts: tuple[templates.Part, ...]) -> None:
    assert templates.parse(template) == parts


@pytest.mark.parametrize(
    ("kind", "cell", "told"),
    [
        ("whole", "30.7", "30"),
        ("whole", "-30.7", "-30"),
        ("whole", "007", "7"),
        ("whole", "12345678901234567890123", "12345678901234567890123"),
        ("whole", "1e20", "100000000000000000000"),
        ("whole", "1; DROP", None),
        ("whole", "nan", None),
        ("whole", None, None),
        ("decimal", "30", "30.0"),
        ("decimal", " 1.50 ", "1.5"),
        ("decimal", "inf", None),
        ("truth", "YES", True),
        ("truth", "maybe", False),
        ("truth", None, None),
    ],
)
def test_cells_of_a_type(kind: str, cell: str | None, told: object) -> None:
    frame = pl.DataFrame({"c": [cell]}, schema={"c": pl.String})
    assert frame.select(getattr(templates, kind)(pl.col("c"))).item() == told


def test_a_mapping_names_columns_that_are_there() -> None:
    assert templates.mapped({"n": "NAME"}, ["Name", "city"]) == {"n": "Name"}
    with pytest.raises(UnknownColumn, match="did you mean 'city'"):
        templates.mapped({"n": "citi"}, ["Name", "city"])


def test_names_that_stand_for_nothing_are_told_once() -> None:
    parts = templates.parse("{a} {b} {a} {c}")
    assert templates.unknown(parts, lambda name: name == "b") == ("a", "c")
