from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visitor import CUSTOMERS, Visitor

pytestmark = pytest.mark.browser
FILES = "**/files"

DROP = """([kind, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/csv" }));
  const drag = { dataTransfer: data, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new DragEvent(kind, drag));
}"""
PASTE_FILE = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/csv" }));
  const paste = { clipboardData: data, bubbles: true, cancelable: true };
  document.getElementById("message").dispatchEvent(new ClipboardEvent("paste", paste));
}"""
PASTE_TEXT = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const paste = { clipboardData: data, bubbles: true, cancelable: true };
  document.getElementById("message").dispatchEvent(new ClipboardEvent("paste", paste));
}"""


def test_upload_drag_paste_button(ana: Visitor) -> None:
    text = CUSTOMERS.decode()
    ana.attach("by_button.csv").attached("by_button.csv")
    ana.page.evaluate(DROP, ["dragenter", "dropped.csv", text])
    expect(ana.page.locator("drop-zone")).to_be_visible()
    ana.page.evaluate(DROP, ["drop", "dropped.csv", text])
    expect(ana.page.locator("drop-zone")).to_be_hidden()
    ana.attached("dropped.csv")
    ana.page.evaluate(PASTE_FILE, ["pasted.csv", text])
    ana.attached("pasted.csv")
    expect(ana.chips.first).to_contain_text("2 rows")
    ana.write("/extract columns=name").sees_state("answered")
    expect(ana.chips).to_have_count(0)
    names = ana.messages.last.locator(".chip-name")
    expect(names).to_have_text(["by_button.csv", "dropped.csv", "pasted.csv"])


def test_a_pasted_table_is_offered_as_a_file(ana: Visitor) -> None:
    ana.page.evaluate(PASTE_TEXT, 'name\tnote\nAna\t"two\nlines"\nZoe\tsays "hi"\n')
    expect(ana.page.locator("paste-offer")).to_contain_text("3 rows, 2 columns")
    ana.page.get_by_role("button", name="Attach as CSV").click()
    ana.attached("pasted.csv")
    expect(ana.chips).to_contain_text("2 rows")


def test_a_pasted_table_may_stay_text(ana: Visitor) -> None:
    ana.page.evaluate(PASTE_TEXT, "name\tcity\nAna\tRecife")
    ana.page.get_by_role("button", name="Paste as text").click()
    expect(ana.box).to_have_value("name\tcity\nAna\tRecife")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [("virus.exe", b"MZ", "not one of"), ("empty.csv", b"", "the file is empty")],
)
def test_a_file_that_cannot_work_is_refused_here(
    ana: Visitor, name: str, content: bytes, reason: str
) -> None:
    ana.attach(name, content)
    expect(ana.chips).to_contain_text(reason)
    ana.page.get_by_role("button", name=f"Remove {name}").click()
    expect(ana.chips).to_have_count(0)


def test_upload_refused_shows_reason(ana: Visitor) -> None:
    """The server looks inside: a zip is no CSV, whatever its name says."""
    ana.attach("customers.csv", b"PK\x03\x04" + bytes(60))
    expect(ana.chips).to_have_attribute("data-state", "failed")
    expect(ana.page.locator("#alert")).to_contain_text("customers.csv was not attached")


def test_a_message_waits_for_its_upload(ana: Visitor) -> None:
    ana.write("hello").sees_state("answered")
    ana.context.route("**/files", lambda route: (ana.page.wait_for_timeout(500), route.continue_()))
    ana.attach()
    ana.write("/extract columns=name")
    expect(ana.messages).to_have_count(2)
    expect(ana.messages.last.locator(".chip-name")).to_have_text("customers.csv")


def test_result_preview_download(ana: Visitor, tmp_path: Path) -> None:
    ana.attach().attached().write("/extract columns=email,name").sees_state("answered")
    table = ana.answers.last.get_by_role("table")
    expect(table.locator("caption")).to_contain_text("First rows of")
    expect(table.get_by_role("columnheader")).to_contain_text(["email", "name"])
    expect(table.get_by_role("row")).to_have_count(3)
    with ana.page.expect_download() as download:
        ana.page.get_by_role("link", name="Download").click()
    kept = tmp_path / download.value.suggested_filename
    download.value.save_as(kept)
    assert kept.read_text(encoding="utf-8-sig").splitlines()[1] == "ANA@Example.com,Ana"


def test_a_result_becomes_input(ana: Visitor) -> None:
    ana.attach().attached().write("/extract columns=email,name").sees_state("answered")
    ana.page.get_by_role("button", name="Use as input").click()
    expect(ana.chips).to_have_attribute("data-state", "done")
    expect(ana.box).to_be_focused()
    ana.write("/to-xlsx").sees_state("answered")
    expect(ana.answers.last.locator("strong").first).to_contain_text(".xlsx")


def test_an_error_says_what_to_do(ana: Visitor) -> None:
    ana.attach().attached().write("/extract columns=nmae").sees_state("answered")
    answer = ana.answers.last
    expect(answer).to_have_attribute("data-kind", "error")
    expect(answer).to_contain_text("did you mean 'name'")
    expect(ana.page.locator("#alert")).to_contain_text("nmae")
    answer.locator(".suggestions button").first.click()
    expect(ana.box).to_have_value("/extract columns=name")


def test_what_waited_for_a_file_does_not_go_without_it(ana: Visitor) -> None:
    held: list[Route] = []
    ana.page.route(FILES, lambda route: held.append(route))
    ana.box.fill("/extract columns=name")
    with ana.page.expect_request(FILES):
        ana.attach()
    ana.page.keyboard.press("Enter")
    held[0].abort()
    expect(ana.page.locator('[data-part="line"]')).to_contain_text("Not sent yet", timeout=15_000)
    expect(ana.box).to_have_value("/extract columns=name")
    assert ana.messages.count() == 0
    ana.page.unroute(FILES)
    ana.chips.get_by_role("button", name="again").click()
    ana.attached().box.press("Enter")
    expect(ana.page.locator('[data-part="line"]')).to_contain_text("Enter sends")
    ana.sees_state("answered")
    expect(ana.answers.last).to_contain_text("2 rows")


def test_an_upload_whose_answer_was_lost_is_one_file(ana: Visitor) -> None:
    """Where no event tells of the file first: that would say by itself that it is there."""
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().text())
        return route.abort()

    ana.page.route_web_socket("**/ws?*", lambda socket: socket.close())
    ana.page.route("**/api/v1/?action=events*", lambda route: route.abort())
    ana.page.route(FILES, lose_the_first_answer)
    ana.attach()
    ana.chips.get_by_role("button", name="again").click(timeout=15_000)
    ana.attached()
    expect(ana.chips).to_have_count(1)
