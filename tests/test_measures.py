"""The budgets are only as good as what counts them."""

from pathlib import Path

from tests import measures

SOURCE = """
def outer(self, one, two, *, three):
    if one:
        return 1
    elif two:
        return 2
    for x in one:
        with x:
            try:
                while two:
                    pass
            except ValueError:
                pass

    def inner(a, b, c):
        if a:
            pass

    return inner
"""


def test_a_function_is_counted_as_a_reader_would(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text(SOURCE)
    outer, inner = measures.functions(path)
    assert (outer.lines, outer.complexity, outer.nesting) == (15, 6, 3)
    assert (outer.parameters, outer.positional) == (3, 2)
    assert (inner.lines, inner.complexity, inner.nesting, inner.positional) == (3, 2, 1, 3)


def test_attributes_are_found_behind_any_owner(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text("self.sql.one()\nsql.two()\nself.other.three()\n")
    assert list(measures.attributes(path, "sql")) == ["one", "two"]
