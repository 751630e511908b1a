"""Tags and views in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.operator import Operator
from tests.browser.test_look import accessible, fault_free
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
PATIENCE = 15_000


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_a_tag_becomes_a_view(
    staff: Callable[..., Operator], visit: Callable[..., Visitor], width: int, scheme: str
) -> None:
    hoa = visit("/?agent=default")
    hoa.write("The carrier lost it").sees_state("sent")
    size = {"width": width, "height": 700}
    ana = staff("ana", viewport=size, color_scheme=scheme).opens(hoa.session_id)
    page, tag, view = ana.page, f"lost {width}", f"Lost {width}"
    if width < 1200:
        page.locator("summary", has_text="Details").click()
    page.locator('[aria-label="A tag"]:visible').fill(tag.upper())
    page.locator(".tag-add button:visible").click()
    expect(ana.flash).to_contain_text(f"Tagged {tag}", timeout=PATIENCE)
    ana.go(f"/admin/inbox?tab=all&tag={tag.replace(' ', '+')}")
    expect(page.locator("li[data-session]")).to_have_count(1)
    page.locator(".views summary").click()
    accessible(page)
    page.get_by_label("Keep these filters as").fill(view)
    page.keyboard.press("Enter")
    expect(ana.flash).to_contain_text(f"Kept as {view}", timeout=PATIENCE)
    expect(page.get_by_role("link", name=view, exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    fault_free(page)
    ana.go("/admin/inbox").page.get_by_role("link", name=view, exact=True).click()
    expect(page.locator(f'li[data-session="{hoa.session_id}"]')).to_contain_text(tag)
