"""What surrounds every page of the console."""

import re

import pytest

from tests.builders import House
from tests.control.console.clerk import Clerk, words

DOT = re.compile(r'<a class="health" href="(.*?)" title="(.*?)".*?<span class="state (\w+)">(.*?)<')


def dots(ana: Clerk, path: str = "/admin/") -> set[tuple[str, ...]]:
    """The one of the menu and the one of a phone's head line say the same."""
    return set(DOT.findall(ana.opens(path).text))


def well(house: House) -> None:
    house.jobs.worker_lives("worker-1", 4711)
    house.processes.lives("web-1")


@pytest.mark.parametrize("path", ["/admin/", "/admin/inbox", "/admin/sessions", "/admin/outbox"])
def test_every_page_says_whether_the_place_is_well(ana: Clerk, house: House, path: str) -> None:
    trouble = "Worker: no worker lives; commands wait; Web: none lives"
    assert dots(ana, path) == {("/admin/#health", trouble, "bad", "not ok")}
    well(house)
    assert dots(ana, path) == {("/admin/#health", "All is well", "good", "ok")}


def test_the_dot_leads_to_the_reasons(ana: Clerk, house: House) -> None:
    page = ana.opens("/admin/")
    assert 'id="health"' in page.text
    assert "Worker: no worker lives; commands wait" in words(page)
    well(house)
    (house.folder / "work").rename(house.folder / "gone")
    assert dots(ana) == {("/admin/#health", "Files: No such file or directory", "bad", "not ok")}


def test_the_foot_says_which_versions_run_since_when(ana: Clerk, house: House) -> None:
    assert " up " not in words(ana.opens("/admin/"))
    well(house)
    found = words(ana.opens("/admin/"))
    assert re.search(r"[\d.]+ · SQLite 3\.[\d.]+ · up \d+ s", found)
