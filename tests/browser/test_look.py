from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests.browser.scripted import Scripted, answer, job
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """(rules) =>
  axe.run(document, { runOnly: rules, resultTypes: ["violations"], preload: false })"""
# Controls in sight that something covers, or that are smaller than 24 CSS pixels (WCAG 2.5.8;
# links inside a sentence are exempt).
OBSCURED = """() => [...document.querySelectorAll(
    "button, a[href], input, textarea, [role=option], [tabindex='0']")].flatMap((control) => {
  const box = control.getBoundingClientRect();
  const hidden = !control.checkVisibility({ visibilityProperty: true }) || !box.width;
  if (hidden || control.closest(".visually-hidden-focusable")) return [];
  const name = control.ariaLabel || control.textContent.trim() || control.id || control.tagName;
  const inline = control.matches("p a, li a, .prose a");
  const small = !inline && (box.width < 24 || box.height < 24) ? [`small: ${name}`] : [];
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  if (x < 0 || y < 0 || x > innerWidth || y > innerHeight || control.matches("#log")) return small;
  const box_of_many = control.closest(".log, .talks, .tray, .peek, .suggestions, .sheet-table");
  const scroller = box_of_many?.getBoundingClientRect();
  if (scroller && (y < scroller.top || y > scroller.bottom)) return small;
  const top = document.elementFromPoint(x, y);
  if (top?.closest(".stays, thead")) return small; // scrolled out from below it
  return control.contains(top) || top?.contains(control) ? small : [...small, `covered: ${name}`];
})"""
SIDEWAYS = "() => document.documentElement.scrollWidth > innerWidth"
MARKDOWN = (
    "<h3>Heading</h3><p>Words, <code>code</code>, <a href='https://example.org' target='_blank' "
    "rel='noopener noreferrer nofollow'>a link</a>.</p><pre><code class='language-sql'>SELECT "
    "a_rather_long_line_of_code_that_does_not_fit_into_a_phone FROM customers\n</code></pre>"
    "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>"
    "aratherlongcellthatdoesnotfitintoaphoneatallanddoesnotbreak</td></tr></tbody></table>"
)
PREVIEW = {
    "file": "customers_clean.xlsx",
    "columns": [{"name": f"column {n}", "type": "text"} for n in range(9)],
    "rows": [["a cell of some length"] * 9] * 3,
    "total_rows": 8_177,
}
FILES = [
    {"name": name, "size": 422_000, "rows": 8_177, "download_url": "/x", "preview_url": None}
    for name in ("customers_clean.xlsx", "customers_clean.csv")
]


def accessible(page: Any) -> None:
    page.evaluate(AXE)
    found = page.evaluate(RUN_AXE, RULES)["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []
    assert not page.evaluate(SIDEWAYS)


def fault_free(page: Any) -> None:
    accessible(page)
    assert page.evaluate(OBSCURED) == []


def full_conversation(visitor: Visitor) -> None:
    """One of everything the log can show."""
    visitor.attach().attached().write("/extract columns=name,email").sees_state("answered")
    scripted = Scripted(visitor)
    scripted.tell("response.created", response=answer("m", html=MARKDOWN, id=1_000_010))
    scripted.tell("job.created", job=job())
    result = answer(
        "**8,177** rows", id=1_000_011, kind="result", preview=PREVIEW, attachments=FILES,
        metadata={"warnings": ["3 formulas were stored as text"]},
        buttons=[{"label": "Run it", "text": "/to-csv", "action": "send"},
                 {"label": "Edit", "text": "/to-csv", "action": "fill"}],
    )  # fmt: skip
    scripted.tell("response.created", response=result)
    failed = answer("There is no column 'x'.", id=1_000_012, kind="error")
    scripted.tell("response.created", response=failed)
    expect(visitor.answers).to_have_count(4)
    refusal = '{"success": false, "error": "Too many words"}'
    posting = "**/api/v1/?action=messages"
    visitor.context.route(posting, lambda route: route.fulfill(status=400, body=refusal))
    visitor.attach("next.csv").attached("next.csv").write("hello").sees_state("Not sent")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 320])
def test_accessible_and_uncovered(
    visit: Callable[..., Visitor], scheme: str, width: int, tmp_path: Path
) -> None:
    size = {"width": width, "height": 800}
    ana = visit(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    fault_free(ana.page)
    full_conversation(ana)
    fault_free(ana.page)
    ana.page.screenshot(path=tmp_path / f"chat-{scheme}-{width}.png")
    ana.box.press_sequentially("/")
    expect(ana.options.first).to_be_visible()
    accessible(ana.page)
    ana.box.fill("")
    ana.page.get_by_role("button", name="Conversation menu").click()
    accessible(ana.page)


def test_mobile_320(visit: Callable[..., Visitor]) -> None:
    phone = visit(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    size = phone.box.evaluate("(box) => parseFloat(getComputedStyle(box).fontSize)")
    assert size >= 16, "smaller text makes iOS zoom in"
    phone.write("hello").sees_state("answered")
    assert not phone.page.evaluate(SIDEWAYS)
    phone.page.locator("header").get_by_role("button", name="Conversations").tap()
    expect(phone.page.get_by_role("link", name="New chat")).to_be_in_viewport()
    accessible(phone.page)


def test_text_at_twice_the_size_still_fits(visit: Callable[..., Visitor]) -> None:
    ana = visit(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    ana.write("/help").sees_state("answered")
    assert not ana.page.evaluate(SIDEWAYS)
    expect(ana.page.get_by_role("button", name="Send")).to_be_in_viewport()


def test_theme_is_kept_and_does_not_flash(visit: Callable[..., Visitor]) -> None:
    ana = visit(color_scheme="light")
    html = ana.page.locator("html")
    expect(html).to_have_attribute("data-bs-theme", "light")
    ana.page.get_by_role("button", name="Theme").click()
    ana.page.get_by_role("button", name="Dark").click()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    ana.context.add_init_script(
        """new MutationObserver(() => {
          if (document.body) (window.first ??= document.documentElement.dataset.bsTheme);
        }).observe(document, { childList: true, subtree: true });"""
    )
    ana.page.reload()
    assert ana.page.evaluate("() => window.first") == "dark"
    ana.page.get_by_role("button", name="Theme").click()
    ana.page.get_by_role("button", name="System").click()
    expect(html).to_have_attribute("data-bs-theme", "light")
    ana.page.emulate_media(color_scheme="dark")
    expect(html).to_have_attribute("data-bs-theme", "dark")


def test_forced_colours_and_keyboard(visit: Callable[..., Visitor]) -> None:
    ana = visit(forced_colors="active")
    full_conversation(ana)
    fault_free(ana.page)


def test_the_way_by_tab(ana: Visitor) -> None:
    """The skip link comes first; focus is always visible and never lost."""
    ana.page.evaluate("() => { document.body.tabIndex = -1; document.body.focus(); }")
    seen = []
    for _ in range(9):
        ana.page.keyboard.press("Tab")
        seen.append(ana.page.evaluate(
            "() => document.activeElement.ariaLabel || document.activeElement.textContent.trim()"
        ))  # fmt: skip
    assert seen[0] == "Skip to the message box"
    assert [name.split("\n")[0] for name in seen[1:3]] == ["Search conversations", "New chat"]
    assert {"Theme", "Conversation menu", "Conversation"} <= set(seen)


def test_focus_stays_when_answers_arrive(ana: Visitor) -> None:
    ana.write("hello")
    ana.page.get_by_role("button", name="Theme").focus()
    ana.sees_state("answered")
    expect(ana.page.get_by_role("button", name="Theme")).to_be_focused()
