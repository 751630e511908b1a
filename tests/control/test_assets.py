"""What a page loads: each sheet joined from its parts, and no part that no page has."""

import re

from chat_bridge.config import ROOT
from control.assets import Assets
from control.sheets import SHEETS

STYLES = ROOT / "static" / "css"
LINKED = re.compile(r"asset\('css/([\w/-]+)\.css'\)")


def test_a_sheet_is_its_parts_in_order_without_indentation(assets: Assets) -> None:
    sheet = assets.find("sheets/base.css")
    assert sheet is not None
    assert sheet.content_type == "text/css; charset=utf-8"
    text = sheet.content.decode()
    assert re.search(r"^\s", text, re.MULTILINE) is None
    firsts = [(STYLES / f"{part}.css").read_text().split("{")[0] for part in SHEETS["base"]]
    places = [text.index(first) for first in firsts]
    assert places == sorted(places)


def test_every_part_is_in_a_sheet_or_linked_by_a_page() -> None:
    parts = {path.relative_to(STYLES).with_suffix("").as_posix() for path in STYLES.rglob("*.css")}
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    joined = {part for sheet in SHEETS.values() for part in sheet}
    assert parts == joined | set(LINKED.findall(pages))
    assert [name for name in SHEETS if f"'sheets/{name}.css'" not in pages] == []
