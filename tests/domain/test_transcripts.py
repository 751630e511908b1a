"""A conversation read back, page by page and as a document."""

import json

import pytest

from chat_bridge.domain.items import Item, Links
from chat_bridge.domain.transcripts import PAGE
from tests.builders import ADA, ADAS_CHAT, House

HOSTILE = "<script>alert('x')</script> & <img src=x onerror=alert(1)>"


def talk(house: House, turns: int) -> None:
    key = house.key()
    for number in range(turns):
        house.say(f"question {number}")
        house.reply(key, f"answer {number}")


def pages(house: House, limit: int) -> list[list[Item]]:
    session = house.sessions.find(ADAS_CHAT)
    before, found = None, []
    while True:
        page = house.transcripts.page(session, before, limit, Links())
        found.append(list(page.items))
        before = page.before
        if before is None:
            return found


def said(items: list[Item]) -> list[str]:
    return [item.get("message") or item["response"] for item in items]


@pytest.mark.parametrize("limit", [1, 3, 5, 10, 50])
def test_all_of_it_once_newest_page_first(house: House, limit: int) -> None:
    talk(house, 5)
    found = pages(house, limit)
    assert all(len(page) <= limit for page in found)
    whole = [text for page in reversed(found) for text in said(page)]
    assert whole == [f"{side} {number}" for number in range(5) for side in ("question", "answer")]


def test_a_page_tells_where_to_listen_from(house: House) -> None:
    talk(house, 2)
    page = house.transcripts.page(house.sessions.find(ADAS_CHAT), None, 10, Links())
    assert page.cursor == house.feed.newest()
    house.say("later")
    assert len(house.feed.after(page.cursor)) == 1


def test_an_empty_conversation_is_one_empty_page(house: House) -> None:
    entry = house.sessions.open(None, ADA)
    page = house.transcripts.page(entry.session, None, 10, Links())
    assert (page.items, page.before) == ([], None)


def test_items_say_what_they_are_and_how_it_stands(house: House) -> None:
    message = house.say("question").message.id
    house.poll(house.key("Charles"))
    (item,) = pages(house, 10)[0]
    assert (item["type"], item["state"], item["id"]) == ("message", "delivered", message)
    house.reply(house.key("Edsger"), "answer", message_id=message)
    question, answer = pages(house, 10)[0]
    assert (question["state"], answer["type"], answer["message_id"]) == (
        "answered",
        "response",
        message,
    )


class TestExport:
    @pytest.fixture
    def exported(self, house: House) -> dict[str, str]:
        house.say(HOSTILE)
        house.reply(house.key(), HOSTILE + " **bold**")
        session = house.sessions.find(ADAS_CHAT)
        return {
            form: "".join(house.transcripts.export(session, form, Links())[0])
            for form in ("md", "json", "html")
        }

    def test_as_html_holds_nothing_active(self, exported: dict[str, str]) -> None:
        document = exported["html"].lower()
        assert "<script" not in document
        assert "<img" not in document
        assert document.count("&lt;script&gt;") >= 3
        assert "<strong>bold</strong>" in document
        assert "default-src 'none'" in document

    def test_as_json_holds_both_sides_word_for_word(self, exported: dict[str, str]) -> None:
        document = json.loads(exported["json"])
        assert said(document["items"]) == [HOSTILE, HOSTILE + " **bold**"]
        assert document["session_id"] == ADAS_CHAT
        assert "ip" not in document
        assert "token_hash" not in exported["json"]

    def test_as_markdown_reads_like_a_conversation(self, exported: dict[str, str]) -> None:
        assert "**You** · 2026-11-21T12:00:00.000Z" in exported["md"]
        assert "**Answer**" in exported["md"]

    def test_holds_a_conversation_of_many_pages_in_order(self, house: House) -> None:
        talk(house, 2 * PAGE + 3)
        session = house.sessions.find(ADAS_CHAT)
        document = json.loads("".join(house.transcripts.export(session, "json", Links())[0]))
        expected = [f"{w} {n}" for n in range(2 * PAGE + 3) for w in ("question", "answer")]
        assert said(document["items"]) == expected

    def test_names_what_it_is(self, house: House) -> None:
        house.say("Hi")
        session = house.sessions.find(ADAS_CHAT)
        kinds = {
            f: house.transcripts.export(session, f, Links())[1] for f in ("md", "json", "html")
        }
        assert kinds == {
            "md": "text/markdown; charset=utf-8",
            "json": "application/json",
            "html": "text/html; charset=utf-8",
        }


def test_times_of_another_program_come_out_in_our_form(house: House) -> None:
    house.say("Ours")
    with house.store.write():
        house.store.database.connection.execute(
            "INSERT INTO web_chat_responses (session_id, response, timestamp) "
            "VALUES (?, 'Theirs', '2026-11-20 09:08:07')",
            (ADAS_CHAT,),
        )
    theirs, ours = pages(house, 10)[0]
    assert theirs["timestamp"] == "2026-11-20T09:08:07.000Z"
    assert said(pages(house, 1)[1]) == ["Theirs"]
    assert ours["message"] == "Ours"
