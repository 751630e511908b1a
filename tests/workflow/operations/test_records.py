"""/to-json and /json-template, as they are asked for."""

import json
from pathlib import Path
from typing import Any

import pytest

from chat_bridge.errors import CommandError
from chat_bridge.workflow.plan import check_step
from tests.workflow.operations.running import text_of, written

ODD = [
    'say "hi"',
    "back\\slash",
    "a\nb\t\r",
    "{name}",
    "ü🦊\u2028",
    "\x01\x1f\x7f",
    "</script>",
    "007",
]
FILES = {"a.csv": {"name": ["Ann", None], "n": ["1", "x"]}}


def read(command: Any, folder: Path, files: Any = FILES) -> Any:
    return json.loads(text_of(written(folder, command, files)))


@pytest.mark.parametrize("pretty", ["yes", "no"])
def test_odd_cells_come_back(pretty: str, tmp_path: Path) -> None:
    files = {"a.csv": {'the "name"': ODD, "b": ODD[::-1]}}
    found = read(f"/to-json pretty={pretty}", tmp_path, files)
    assert found == [
        {'the "name"': cell, "b": other} for cell, other in zip(ODD, ODD[::-1], strict=True)
    ]


def test_odd_cells_come_back_from_a_template(tmp_path: Path) -> None:
    template = {"plain": "{name}", "{name}": "<{name}>", "list": ["{name:int}", {}, [], None, 1.5]}
    step = check_step("json/generate-with-template", {"template": json.dumps(template)})
    found = read(step, tmp_path, {"a.csv": {"name": ODD}})
    assert [row["plain"] for row in found] == ODD
    assert [row["{name}"] for row in found] == [f"<{cell}>" for cell in ODD]
    assert found[-1]["list"] == [7, {}, [], None, 1.5]


@pytest.mark.parametrize(
    "arguments",
    [
        {"column_mapping": {"name": "who", "n": "nr"}},
        {"column_mapping": {"who": "name", "nr": "n"}},
        {"mapping": {"name": "who", "N": "nr"}, "pretty_print": False, "array_format": "true"},
    ],
)
def test_a_mapping_works_either_way_round(arguments: dict[str, Any], tmp_path: Path) -> None:
    assert read(check_step("json/generate", arguments), tmp_path)[0] == {"who": "Ann", "nr": "1"}


def test_without_a_mapping_all_columns_are_there(tmp_path: Path) -> None:
    """Every record of a step was empty."""
    assert read("/to-json", tmp_path) == [{"name": "Ann", "n": "1"}, {"name": None, "n": "x"}]
    assert read("/to-json columns=n", tmp_path) == [{"n": "1"}, {"n": "x"}]


@pytest.mark.parametrize("pretty", ["yes", "no"])
@pytest.mark.parametrize(
    ("command", "shapes"),
    [
        ("/to-json array=no", ["{}", {"n": "1"}, [{"n": "1"}, {"n": "2"}]]),
        ("/to-json", ["[]", [{"n": "1"}], [{"n": "1"}, {"n": "2"}]]),
        (
            '/json-template template={"n":"{n}"} mode=single',
            ["[]", {"n": "1"}, [{"n": "1"}, {"n": "2"}]],
        ),
        (
            '/json-template template={"n":"{n}"} mode=nested',
            [None, {"items": [{"n": "1"}], "count": 1}, None],
        ),
    ],
)
def test_shapes(command: str, shapes: list[Any], pretty: str, tmp_path: Path) -> None:
    for rows, expected in enumerate(shapes):
        files = {"a.csv": {"n": [str(number + 1) for number in range(rows)]}}
        text = text_of(written(tmp_path, f"{command} pretty={pretty}", files))
        if isinstance(expected, str):
            assert text == expected
        elif expected is not None:
            indent = 2 if pretty == "yes" else None
            assert text == json.dumps(expected, indent=indent)


def test_a_record_of_blanks_is_an_object(tmp_path: Path) -> None:
    files = {"a.csv": {"a": ["1", None], "b": [None, None]}}
    text = text_of(written(tmp_path, "/to-json blanks=exclude", files))
    assert text == json.dumps([{"a": "1"}, {}], indent=2)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/to-json nam=x", "There is no column 'nam'; did you mean 'name'?"),
        ("/to-json name=x n=x", "two columns would be named 'x'"),
        ("/to-json blanks=drop", "'drop' is not one of its values"),
        ("/json-template", "/json-template needs 'template'"),
        ("/json-template template={}", "it is empty"),
        ('/json-template template=["{n}"]', "it is no JSON object"),
        ("/json-template template='{\"a\": '", "it is not valid JSON"),
        ('/json-template template={"a":"{n}"} mode=all', "'all' is not one of its values"),
        ('/json-template template={"a":"{x}"} x=nam', "did you mean 'name'"),
    ],
)
def test_refusals_say_what_is_wrong(command: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        written(tmp_path, command, FILES)
    assert sentence in refused.value.message
    assert refused.value.status == 422


def test_a_template_without_cells_is_there_for_every_row(tmp_path: Path) -> None:
    assert read('/json-template template={"a": 1}', tmp_path) == [{"a": 1}, {"a": 1}]
