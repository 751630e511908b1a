import pytest
from playwright.sync_api import expect

from chat_bridge.client import Client
from tests.browser.scripted import Scripted, answer
from tests.browser.visitor import Visitor
from tests.servers import RunningBridge

pytestmark = pytest.mark.browser


def test_reload_keeps_history(ana: Visitor) -> None:
    ana.write("hello").sees_state("answered")
    ana.write("/help").sees_state("answered")
    before = ana.page.locator("chat-log .said").all_inner_texts()
    ana.page.reload()
    expect(ana.answers).to_have_count(2)
    assert ana.page.locator("chat-log .said").all_inner_texts() == before


def test_a_new_tab_shows_the_same_conversation(ana: Visitor) -> None:
    ana.write("hello").sees_state("answered")
    tab = ana.new_tab()
    tab.goto(ana.url)
    expect(tab.locator("chat-log chat-answer")).to_have_count(1)
    ana.write("/help")
    expect(tab.locator("chat-log chat-message")).to_have_count(2)
    expect(tab.locator("chat-log chat-answer")).to_have_count(2)


def test_another_browser_sees_nothing_of_it(ana: Visitor, visit) -> None:
    ana.write("my secret plan").sees_state("answered")
    bo = visit()
    expect(bo.page.get_by_text("my secret plan")).to_have_count(0)
    answer = bo.page.goto(ana.page.url)
    assert answer.status == 404


def test_older_pages_come_while_scrolling_up(visit, bridge: RunningBridge) -> None:
    ana = visit("/?agent=default&new=1").write("question 0").sees_state("sent")
    with Client(bridge.url, bridge.agent_key) as agent:
        mine = [m for m in agent.inbox(lease=30) if m.session_id == ana.session_id]
        for number in range(70):
            agent.reply(mine[0], f"answer {number}", idempotency_key=f"older-{number}")
    ana.page.reload()
    expect(ana.answers.last).to_contain_text("answer 69")
    assert ana.answers.count() == 50
    ana.page.evaluate("() => { document.getElementById('log').scrollTop = 0; }")
    expect(ana.answers).to_have_count(70)
    expect(ana.messages).to_have_count(1)
    texts = ana.answers.locator(".prose").all_inner_texts()
    assert [text.strip() for text in texts] == [f"answer {number}" for number in range(70)]
    top = ana.page.evaluate("() => document.getElementById('log').scrollTop")
    assert top > 100, "what was being read jumped away"


def test_jump_to_unread(ana: Visitor) -> None:
    ana.write("/help").sees_state("answered")
    ana.write("/help extract").sees_state("answered")
    scripted = Scripted(ana)
    expect(ana.answers).to_have_count(2)
    ana.page.mouse.move(700, 300)
    ana.page.mouse.wheel(0, -5_000)
    ana.page.wait_for_function("() => document.getElementById('log').scrollTop === 0")
    jump = ana.page.locator("#jump")
    expect(jump).to_be_visible()
    expect(jump).to_have_text("↓ To the end")
    scripted.tell("response.created", response=answer("one", id=1_000_001))
    scripted.tell("response.created", response=answer("two", id=1_000_002))
    expect(jump).to_have_text("↓ 2 new")
    assert ana.page.evaluate("() => document.getElementById('log').scrollTop") == 0
    jump.click()
    expect(ana.answers.last).to_be_in_viewport()
    expect(jump).to_be_hidden()


def test_events_told_twice_are_shown_once(ana: Visitor) -> None:
    ana.write("hello").sees_state("answered")
    scripted = Scripted(ana)
    for _ in range(2):
        scripted.tell("response.created", response=answer("twice", id=1_000_003))
    scripted.tell("response.created", response=answer("last", id=1_000_004))
    expect(ana.answers.last).to_contain_text("last")
    expect(ana.answers).to_have_count(3)


def test_export_and_delete(ana: Visitor) -> None:
    ana.write("hello").sees_state("answered")
    address = ana.page.url
    for name, ending in (("Markdown", ".md"), ("JSON", ".json"), ("HTML", ".html")):
        ana.page.get_by_role("button", name="Conversation menu").click()
        with ana.page.expect_download() as download:
            ana.page.get_by_role("link", name=f"Save as {name}").click()
        assert download.value.suggested_filename.endswith(ending)
        assert "hello" in download.value.path().read_text()
    ana.page.get_by_role("button", name="Conversation menu").click()
    ana.page.get_by_role("button", name="Delete conversation").click()
    ana.page.get_by_role("button", name="Delete for good").click()
    expect(ana.page.locator(".empty")).to_be_visible()
    assert ana.page.goto(address).status == 404


def test_conversations_are_found_by_a_word(ana: Visitor) -> None:
    ana.write("apples").sees_state("answered")
    ana.page.get_by_role("link", name="New chat").click()
    ana.write("pears").sees_state("answered")
    ana.page.get_by_role("button", name="Search conversations").click()
    ana.page.get_by_role("searchbox").fill("appl")
    links = ana.page.locator(".talk:visible")
    expect(links).to_have_count(1)
    links.click()
    expect(ana.page).to_have_title("apples · Chat Bridge")
