"""Every page of the console on a busy day, in every look: {light, dark} x {320, 768, 1280}."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.looks.day import Day
from tests.browser.looks.looking import LOOKS, Look, held, keep
from tests.browser.looks.places import CONSOLE, UNPICTURED
from tests.browser.operator import Operator

pytestmark = pytest.mark.browser
# A picture shows where data usually lies, not where this test put them.
USUAL = """(folder) => document.querySelectorAll("input").forEach((field) => {
  field.value = field.value.replace(folder, "/var/lib/chat-bridge");
})"""


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_of_the_console(
    staff: Callable[..., Operator], day: Day, look: Look, tmp_path: Path
) -> None:
    ana = staff("ana", "admin", **look.browser)
    for name, path in CONSOLE.items():
        ana.go(path.format(hoa=day.hoa))
        ana.page.evaluate(USUAL, str(day.bridge.data_dir))
        if name not in UNPICTURED:
            keep(ana.page, name, look, tmp_path)
        try:
            held(ana.page, look)
        except AssertionError as fault:
            raise AssertionError(f"{name}, {look}: {fault}") from fault
