from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from chat_bridge.client import Client
from tests.browser.scripted import Scripted, answer
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser
CORPUS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "[click](javascript:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "![x](https://evil.example/x.png)",
    "<a href='https://evil.example' style='position:fixed;inset:0'>x</a>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<form action=https://evil.example><button>x</button></form>",
    "`</code><script>alert(1)</script>`",
    "```\n</pre><script>alert(1)</script>\n```",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} ${7*7} <%= 7 %>",
    "\u202egnp.exe",
)
DANGEROUS = "script, iframe, img, style, form, object, embed, svg:not(.icon), [onerror], [style]"


def test_xss_corpus(visit: Callable[..., Visitor], bridge: RunningBridge) -> None:
    """Whatever either side writes is text; `visit` fails on dialogs, requests and violations."""
    ana = visit("/?agent=default&new=1").write(CORPUS[0]).sees_state("sent")
    for attack in CORPUS[1:]:
        ana.write(attack)
    expect(ana.messages).to_have_count(len(CORPUS))
    with Client(bridge.url, bridge.agent_key) as agent:
        mine = [m for m in agent.inbox(lease=30) if m.session_id == ana.session_id]
        for number, attack in enumerate(CORPUS):
            agent.reply(mine[0], attack, idempotency_key=f"attack-{number}")
    expect(ana.answers).to_have_count(len(CORPUS))
    for _ in range(2):
        assert ana.messages.locator('[data-part="text"]').all_inner_texts() == list(CORPUS)
        expect(ana.answers.locator(".prose").locator(DANGEROUS)).to_have_count(0)
        empty = [text for text in ana.answers.locator(".prose").all_inner_texts() if not text]
        assert empty == []
        ana.page.reload()
        expect(ana.answers).to_have_count(len(CORPUS))


def test_names_and_cells_of_files_are_text(ana: Visitor) -> None:
    content = f'name,"{CORPUS[1]}"\n"{CORPUS[0]}",=cmd|calc\n'.encode()
    ana.attach("<img src=x onerror=alert(1)>.csv", content)
    expect(ana.chips).to_have_attribute("data-state", "done")
    ana.write("/extract columns=name").sees_state("answered")
    expect(ana.answers.get_by_role("cell").first).to_have_text(CORPUS[0])
    expect(ana.page.locator("chat-log").locator(DANGEROUS.replace("[style]", "x"))).to_have_count(0)


def test_even_unsanitised_markup_runs_nothing(ana: Visitor) -> None:
    """Were the server's cleaning to fail, the policy still holds: it reports, nothing runs."""
    ana.write("hello").sees_state("answered")
    ana.page.evaluate("() => { window.alert = () => { window.attacked = true; }; }")
    scripted = Scripted(ana)
    raw = "<p onclick='alert(1)'>raw<img src=x onerror='window.attacked=true'></p>"
    scripted.tell("response.created", response=answer("raw", html=raw, id=1_000_009))
    expect(ana.answers.last).to_contain_text("raw")
    ana.answers.last.get_by_text("raw").click()
    assert ana.page.evaluate("() => window.attacked") is None
    ana.page.wait_for_function("() => window.spied.length > 1")  # the paragraph and the picture
    ana.page.wait_for_timeout(200)  # for whatever else it may have to report
    ana.page.evaluate("() => window.spied.splice(0)")
    ana.faults.clear()
