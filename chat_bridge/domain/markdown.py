"""Markdown of agents to safe HTML, rendered and sanitised here so that no page needs a script
for it. Raw HTML is shown as text, an image as the text that stands for it; nothing is ever loaded
from elsewhere."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

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


def _alternative(
    self: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    assert isinstance(self, RendererHTML)
    return escape(self.renderInlineAsText(tokens[index].children or (), options, env))


_parser.add_render_rule("image", _alternative)


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
