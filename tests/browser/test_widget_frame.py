"""What the widget's frame can do, in a page of another site."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.shop import opened, session_of, write
from tests.browser.test_hostile import CORPUS, DANGEROUS
from tests.browser.test_look import AXE, OBSCURED, RULES, RUN_AXE, SIDEWAYS
from tests.browser.visitor import CUSTOMERS
from tests.servers import RunningBridge
from tests.wire import caller

pytestmark = pytest.mark.browser
SHEETS = 'data-api-key="public" data-agent="sheets"'
TONES = """
window.tones = 0;
AudioContext.prototype.createOscillator = new Proxy(AudioContext.prototype.createOscillator, {
    apply: (make, context) => { window.tones += 1; return make.call(context); },
});
"""


def attached(chat: FrameLocator) -> Locator:
    file: Any = {"name": "customers.csv", "mimeType": "text/csv", "buffer": CUSTOMERS}
    chat.locator("input[type=file]").set_input_files([file])
    chip = chat.locator("upload-chip")
    expect(chip).to_have_attribute("data-state", "done")
    return chip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_accessible_and_uncovered(
    enter: Callable[..., Page], scheme: str, width: int, bridge: RunningBridge
) -> None:
    page = enter(
        'data-api-key="public" data-theme="auto"',
        color_scheme=scheme, viewport={"width": width, "height": 700}, reduced_motion="reduce",
    )  # fmt: skip
    chat = opened(page)
    text = f"Is it in stock? {scheme} {width}"
    write(page, text)
    words = "# Yes\n\n* three\n* left\n\n```sql\nSELECT 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    caller.agent(bridge).reply(session_of(bridge, text), words)
    expect(chat.locator("chat-answer table")).to_be_visible()
    attached(chat)
    frame = page.frames[-1]
    for shown in (page, frame):
        shown.evaluate(AXE)
        found = shown.evaluate(RUN_AXE, RULES)["violations"]
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []
    assert frame.evaluate(OBSCURED) == []
    assert not frame.evaluate(SIDEWAYS)


def test_the_box_stands_below_the_conversation(page: Page) -> None:
    chat = opened(page)
    write(page, "Is it in stock?")
    log = chat.locator("#log").bounding_box()
    box = chat.locator("chat-composer").bounding_box()
    frame = page.locator("#sanctum-chat-frame").bounding_box()
    assert log
    assert box
    assert frame
    assert log["y"] + log["height"] <= box["y"] + 1
    assert abs(box["y"] + box["height"] - frame["y"] - frame["height"]) < 2


def test_files_go_up_and_come_down(enter: Callable[..., Page]) -> None:
    page = enter(SHEETS)
    chat = opened(page)
    attached(chat)
    chat.locator("#message").fill("/extract columns=name")
    page.keyboard.press("Enter")
    expect(chat.locator("chat-answer file-result table")).to_contain_text("Zoe")
    with page.expect_download() as download:
        chat.get_by_role("link", name=re.compile("Download")).click()
    assert download.value.suggested_filename.endswith(".csv")
    assert download.value.path().read_text().split() == ["name", "Ana", "Zoe"]


def test_what_goes_wrong_is_an_event(page: Page) -> None:
    page.evaluate("""() => {
        window.heard = [];
        SanctumChat.on("error", (detail) => heard.push(detail));
    }""")
    chat = opened(page)
    refusal = '{"success": false, "error": "Too many words", "error_code": "invalid_message"}'
    posting = "**/api/v1/?action=messages"
    page.context.route(posting, lambda route: route.fulfill(status=400, body=refusal))
    chat.locator("#message").fill("hello")
    page.keyboard.press("Enter")
    expect(chat.locator("chat-composer")).to_contain_text("Too many words")
    expect(chat.locator("#message")).to_have_value("hello")
    page.wait_for_function("() => heard.length")
    assert page.evaluate("() => heard") == [{"message": "Too many words"}]


@pytest.fixture
def page(enter: Callable[..., Page]) -> Page:
    return enter()


@pytest.mark.parametrize(("wanted", "tones"), [("true", 1), ("false", 0)])
def test_an_answer_that_nobody_sees_sounds_once(
    enter: Callable[..., Page], bridge: RunningBridge, wanted: str, tones: int
) -> None:
    page = enter(f'data-api-key="public" data-sound="{wanted}"')
    page.context.add_init_script(TONES)
    chat = opened(page)
    text = f"Ring me, {wanted}"
    write(page, text)
    session = session_of(bridge, text)
    caller.agent(bridge).reply(session, "seen")
    expect(chat.locator("chat-answer")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#sanctum-chat-window")).to_be_hidden()
    caller.agent(bridge).reply(session, "unseen")
    expect(page.locator("#sanctum-chat-badge")).to_have_text("1")
    assert page.frames[-1].evaluate("() => tones") == tones
    assert page.evaluate("() => SanctumChat.getConfig().sound") is (wanted == "true")


def test_languages_there_are_no_words_for_change_nothing(enter: Callable[..., Page]) -> None:
    page = enter('data-api-key="public" data-language="xx"')
    assert page.evaluate("() => SanctumChat.getConfig().language") == "xx"
    expect(opened(page).locator("#message")).to_have_attribute("placeholder", re.compile("Write"))


def test_xss_corpus(page: Page, bridge: RunningBridge) -> None:
    """Whatever either side writes is text, in the frame and in what the site's page is told."""
    page.evaluate("""() => {
        window.told = [];
        SanctumChat.on("message", ({ message, type }) => told.push([type, message]));
    }""")
    chat = opened(page)
    opening = "Attacks, please"
    write(page, opening)
    session = session_of(bridge, opening)
    for attack in CORPUS:
        write(page, attack)
        caller.agent(bridge).reply(session, attack)
    answers = chat.locator("chat-answer .prose")
    expect(answers).to_have_count(len(CORPUS))
    said = chat.locator('chat-message [data-part="text"]').all_inner_texts()
    assert said == [opening, *CORPUS]
    expect(answers.locator(DANGEROUS)).to_have_count(0)
    assert [text for text in answers.all_inner_texts() if not text] == []
    page.wait_for_function("(most) => told.length === most", arg=2 * len(CORPUS) + 1)
    assert {text for _, text in page.evaluate("() => told")} == {opening, *CORPUS}
    assert page.locator(".sanctum-window *").count() == 1, "more than the frame"
