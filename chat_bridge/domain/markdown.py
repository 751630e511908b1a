"""Markdown of agents to safe HTML, rendered and sanitised here so that no page needs a script
for it. Raw HTML is shown as text, images and styles never come through."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "code": {"class"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
LONGEST_RENDERED = 50_000  # hostile brackets take a second at this length, and grow squared
REMEMBERED = 256  # 50 MB at the very worst
_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)


def html(text: str) -> str:
    """HTML of a reply; a text too long to render comes back escaped in one block."""
    if len(text) > LONGEST_RENDERED:
        return f"<pre>{nh3.clean_text(text)}</pre>"
    return _rendered(text)


@lru_cache(maxsize=REMEMBERED)
def _rendered(text: str) -> str:
    rendered = _parser.render(text)
    for level in ("1", "2"):
        rendered = rendered.replace(f"<h{level}>", "<h3>").replace(f"</h{level}>", "</h3>")
    return nh3.clean(
        rendered,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
