"""Markdown of agents: nothing active survives, nothing written is lost."""

import re
import time
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_bridge.domain import markdown
from chat_bridge.domain.markdown import ATTRIBUTES, LONGEST_RENDERED, TAGS, html

CORPUS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<body onload=alert(1)>",
    "<style>*{background:url(//evil.example)}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<form action=//evil.example><button>x</button></form>",
    "<object data=//evil.example></object>",
    "<details open ontoggle=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](<javascript:alert(1)>)",
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    "![x][r]\n\n[r]: https://evil.example/pixel.png",
    "[x][r]\n\n[r]: javascript:alert(1)",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>x</script> |",
    "# <script>alert(1)</script>",
    "\x00<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


class Look(HTMLParser):
    """What a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.targets: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def look(text: str) -> Look:
    seen = Look()
    seen.feed(html(text))
    seen.close()
    return seen


def assert_harmless(seen: Look) -> None:
    added = {("a", "rel"), ("a", "target")}
    allowed = {(tag, name) for tag, names in ATTRIBUTES.items() for name in names} | added
    assert seen.tags <= TAGS
    assert {(tag, name) for tag, name in seen.attributes if name != "title"} <= allowed
    for target in seen.targets:
        scheme = re.match(r"\s*([a-zA-Z][\w+.-]*):", unescape(target))
        assert scheme is None or scheme[1].lower() in ("http", "https", "mailto")


@pytest.mark.parametrize("text", CORPUS)
def test_nothing_active_survives(text: str) -> None:
    assert_harmless(look(text))


@given(st.text(alphabet="<>[]()!`*_#|-:/&;=\"' \nascriptjonxhef", max_size=200))
def test_no_mixture_of_it_survives_either(text: str) -> None:
    assert_harmless(look(text))


@pytest.mark.parametrize(
    "text", [one for one in CORPUS if one.startswith("<") and "\x00" not in one]
)
def test_raw_html_is_shown_and_not_dropped(text: str) -> None:
    seen = re.sub(r"\s+", " ", look(text).text).strip()
    assert seen == re.sub(r"\s+", " ", text)


def test_links_open_apart_and_say_nothing_of_us() -> None:
    shown = html("[our docs](https://docs.example/a?b=1&c=2)")
    assert 'href="https://docs.example/a?b=1&amp;c=2"' in shown
    assert 'target="_blank"' in shown
    assert 'rel="noopener noreferrer nofollow"' in shown


def test_what_people_write_comes_out() -> None:
    seen = look(
        "# Title\n\n**bold** *soft* ~~gone~~ `code`\n\n- one\n- two\n\n> said\n\n"
        "| a | b |\n|:-|-:|\n| 1 | 2 |"
    )
    assert {"h3", "strong", "em", "s", "code", "ul", "li", "blockquote", "table", "td"} <= seen.tags
    assert "h1" not in seen.tags


def test_line_breaks_of_a_chat_stay() -> None:
    assert "<br" in html("one\ntwo")


def test_a_text_too_long_to_render_is_shown_as_it_is() -> None:
    shown = html("<b>" + "x" * LONGEST_RENDERED)
    assert shown.startswith("<pre>&lt;b&gt;xxx")


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "*a" * 20_000, ">" * 20_000, "`" * 20_001, "- " * 20_000, "![" * 10_000,
     "[a](" * 10_000, "|" * 20_000 + "\n" + "|-" * 10_000, "_" * 40_000, "<" * 40_000,
     "&" * 40_000],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    assert_harmless(look(text))
    assert time.process_time() - began < 3


def test_what_is_too_long_to_render_is_not_remembered_either() -> None:
    before = markdown._rendered.cache_info()
    html("x" * (LONGEST_RENDERED + 1))
    assert markdown._rendered.cache_info() == before


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![a *fine* chart](https://evil.example/x.png)", "<p>a fine chart</p>\n"),
        ("see ![<b>](x.png 'title') there", "<p>see &lt;b&gt; there</p>\n"),
        ("![](x.png)", "<p></p>\n"),
        ("[![logo](x.png)](https://a.example)", "logo</a>"),
    ],
)
def test_an_image_is_the_text_that_stands_for_it(text: str, shown: str) -> None:
    assert shown in html(text)
    assert "x.png" not in html(text)
