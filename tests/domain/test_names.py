"""Names of files that are safe on disk, in a header and in a link, and still say what they said."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_bridge.domain.names import content_type, free_name, safe_name


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("customers.csv", "customers.csv"),
        ("Kundenübersicht März.xlsx", "Kundenübersicht_März.xlsx"),
        ("客户名单.csv", "客户名单.csv"),
        ("عملاء.csv", "عملاء.csv"),
        ("\U0001f600.csv", "\U0001f600.csv"),
        ("u\u0308ber.csv", "über.csv"),
        ("my file (1).csv", "my_file_1.csv"),
        ("../../etc/passwd", "etc_passwd"),
        ("..\\..\\windows\\system.ini", "windows_system.ini"),
        ("/etc/passwd", "etc_passwd"),
        ("a\0b.csv", "ab.csv"),
        ("a\r\nSet-Cookie: x=1.csv", "aSet-Cookie__x1.csv"),
        ("gpj.\u202excod.csv", "gpj.xcod.csv"),
        ("ze\u200bro.csv", "zero.csv"),
        ("lone\ud800.csv", "lone.csv"),
        ('quo"te.csv', "quo_te.csv"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("trailing.csv.", "trailing.csv"),
    ],
)
def test_a_name_becomes_safe(raw: str, safe: str) -> None:
    assert safe_name(raw) == safe


@pytest.mark.parametrize("letter", ["x", "ü", "客", "\U0001f600"])
def test_a_long_name_fits_on_disk_and_keeps_its_ending(letter: str, tmp_path: Path) -> None:
    name = safe_name(letter * 5_000 + ".csv")
    taken: set[str] = set()
    for _ in range(12):
        free = free_name(name, taken)
        taken.add(free)
        assert free.endswith(".csv")
        (tmp_path / free).touch()
    assert len(list(tmp_path.iterdir())) == 12


def test_a_long_ending_fits_too(tmp_path: Path) -> None:
    (tmp_path / safe_name("a." + "客" * 5_000)).touch()


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(raw: str) -> None:
    name = safe_name(raw)
    assert name
    assert name not in (".", "..")
    assert not set(name) & set('/\\:*?"<>|\0\r\n ')
    assert len(name.encode()) <= 240
    assert safe_name(name) == name
    assert Path("folder", name).name == name


def test_a_taken_name_gets_a_number() -> None:
    assert free_name("list.csv", set()) == "list.csv"
    assert free_name("list.csv", {"list.csv", "list-2.csv"}) == "list-3.csv"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.CSV", "text/csv"),
        ("page.html", "application/octet-stream"),
        ("picture.svg", "application/octet-stream"),
        ("script.js", "application/octet-stream"),
    ],
)
def test_only_known_kinds_have_a_type(name: str, kind: str) -> None:
    assert content_type(name) == kind
