from pathlib import Path

import pytest

from chat_bridge.errors import BadArgument, MissingArgument, MissingFile
from chat_bridge.model import Source
from chat_bridge.workflow import registry
from chat_bridge.workflow.others import Others

JOIN = registry.find("join")


@pytest.fixture
def others(tmp_path: Path) -> Others:
    files = {}
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / name).write_text(f"{name[0]}\n1\n")
        files[name] = Source(tmp_path / name, name)
    return Others("a.csv", files, tmp_path)


@pytest.mark.parametrize("wanted", ["b.csv", "B.CSV", "/etc/b.csv", "..\\..\\b.csv"])
def test_a_file_is_found_by_its_bare_name(wanted: str, others: Others) -> None:
    assert others.open(wanted, JOIN).columns == ("b",)


def test_a_file_elsewhere_is_never_opened(others: Others, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside.csv"
    outside.write_text("secret\n1\n")
    with pytest.raises(BadArgument, match=r"There is no spreadsheet 'outside\.csv'"):
        others.open(str(outside), JOIN)


def test_the_nearest_name_is_told(others: Others) -> None:
    with pytest.raises(BadArgument, match=r"did you mean 'b\.csv'") as refused:
        others.open("bb.csv", JOIN)
    assert refused.value.details["nearest"] == "b.csv"


def test_the_only_other_file_needs_no_name(others: Others, tmp_path: Path) -> None:
    two = {name: others.files[name] for name in ("a.csv", "c.csv")}
    assert Others("a.csv", two, tmp_path).open(None, JOIN).columns == ("c",)
    with pytest.raises(MissingArgument, match=r"bind_file=: b\.csv, c\.csv"):
        others.open(None, JOIN)
    with pytest.raises(MissingFile, match="second spreadsheet"):
        Others("a.csv", {"a.csv": others.files["a.csv"]}, tmp_path).open(None, JOIN)
