"""How pages are looked at: in which looks, held to what, and kept as pictures of few colours."""

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Frame, Page

from tests.browser.test_look import fault_free

PHONE = {"width": 390, "height": 780}
HEIGHTS = {1280: 760, 768: 1000, 320: 640}
COLOURS = 64
LARGEST = 80_000
# Whatever can be focused (of a long list the beginning), focused one after the other: all have a
# ring, none lies wholly under something.
RINGS = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
)].slice(0, 80).flatMap((control) => {
  const shown = control.checkVisibility({ visibilityProperty: true }) && !control.disabled;
  if (!shown || !control.getBoundingClientRect().width) return [];
  const name = control.ariaLabel || control.textContent.trim() || control.id || control.tagName;
  if (control.tabIndex > 0) return [`out of order: ${name}`];
  control.focus();
  if (document.activeElement !== control) return [`not focused: ${name}`];
  const ringed = [control, control.closest("label, .box")].filter(Boolean).some((one) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    const thick = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    return thick || outlineStyle === "auto" || boxShadow !== "none";
  });
  if (!ringed) return [`no ring: ${name}`];
  const box = control.getBoundingClientRect();
  const y = Math.min(box.top + Math.min(box.height, innerHeight) / 2, innerHeight - 1);
  const seen = [box.left + box.width / 2, box.left + 16, box.right - 16].some((x) => {
    const top = document.elementFromPoint(x, y);
    return [[control, top], [top, control], [top?.closest("label"), control]]
      .some(([outer, inner]) => outer?.contains(inner));
  });
  return seen ? [] : [`focused beneath something: ${name}`];
})"""


@dataclass(frozen=True)
class Look:
    scheme: str
    width: int

    def __str__(self) -> str:
        return f"{self.scheme}-{self.width}"

    @property
    def browser(self) -> dict[str, Any]:
        size = {"width": self.width, "height": HEIGHTS[self.width]}
        touch = {"has_touch": True, "is_mobile": True} if self.width == 320 else {}
        return {"color_scheme": self.scheme, "viewport": size, "reduced_motion": "reduce", **touch}

    @property
    def picture(self) -> str:
        """Which of the three pictures of a page this look is."""
        if self.width == 1280:
            return self.scheme
        return "phone" if self.width == 320 and self.scheme == "light" else ""


LOOKS = [Look(scheme, width) for scheme in ("light", "dark") for width in HEIGHTS]


def held(page: Page | Frame, look: Look) -> None:
    """Accessible, covered by nothing, without a sideways scroll; focus always to be seen, which
    does not depend on the scheme."""
    fault_free(page)
    if look.scheme == "dark":
        return
    (page.page if isinstance(page, Frame) else page).keyboard.press("Tab")
    found = page.evaluate(RINGS)
    assert not found, found
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")


def keep(page: Page, name: str, look: Look, folder: Path) -> None:
    """`make pictures` names the folder; without it the picture is measured and forgotten."""
    if not look.picture:
        return
    size = page.viewport_size
    if look.picture == "phone":
        page.set_viewport_size(PHONE)
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    if size:
        page.set_viewport_size(size)
    path = Path(os.environ.get("PICTURES", folder)) / f"{name}-{look.picture}.png"
    # Of Pillow's methods this one keeps large tints as they are; no dots in between.
    few = shot.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    assert 2_000 < path.stat().st_size < LARGEST


def drawn(page: Page, name: str, folder: Path) -> None:
    """A state of the chat page, as a phone shows it."""
    keep(page, f"state-{name}", Look("light", 320), folder)
