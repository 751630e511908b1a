"""How pages are looked at: in which looks, held to what, and kept as pictures of few colours."""

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Frame, Page

from tests.browser.test_look import fault_free

PHONE = {"width": 390, "height": 780}
HEIGHTS = {1280: 760, 768: 1000, 320: 640}
COLOURS = 32
SEEN = 12  # pixels of a colour that is worth its place
LARGEST = 60_000
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

Colours = npt.NDArray[np.int64]


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
    _of_few_colours(shot).save(path, optimize=True)
    assert 2_000 < path.stat().st_size < LARGEST


def _of_few_colours(shot: Image.Image) -> Image.Image:
    """The colours a page has most of stay as they are, so do those that are like no other; the
    edges of letters take the nearest."""
    red, green, blue = np.moveaxis(np.asarray(shot, dtype=np.int32), 2, 0)
    found, places, counts = np.unique(
        red << 16 | green << 8 | blue, return_inverse=True, return_counts=True
    )
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1)
    chosen = list(np.argsort(-counts)[: COLOURS // 2])
    apart = np.min([_distance(colours, colours[one]) for one in chosen], axis=0)
    while len(chosen) < min(COLOURS, len(found)):
        chosen.append(int(np.argmax(apart * (counts >= SEEN))))
        apart = np.minimum(apart, _distance(colours, colours[chosen[-1]]))
    nearest = np.argmin([_distance(colours, colours[one]) for one in chosen], axis=0)
    few = Image.fromarray(nearest.astype(np.uint8)[places].reshape(red.shape), "P")
    few.putpalette(colours[chosen].astype(np.uint8).tobytes())
    return few


def _distance(colours: Colours, one: Colours) -> Colours:
    return np.asarray(((colours - one) ** 2).sum(axis=1))


def drawn(page: Page, name: str, folder: Path) -> None:
    """A state of the chat page, as a phone shows it."""
    keep(page, f"state-{name}", Look("light", 320), folder)
