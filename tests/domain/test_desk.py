import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from chat_bridge.domain.items import Links
from chat_bridge.errors import (
    AnsweredMeanwhile,
    ConversationTaken,
    FormUnderWay,
    NotYours,
    SessionNotFound,
)
from chat_bridge.model import Person
from chat_bridge.ports import WaitingFilter
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House, texts

FORMS = ("md", "json", "html")
SECRET = "the carrier lost the label"


@pytest.fixture
def ben(person: Callable[[str], Person]) -> Person:
    return person("ben")


def waiting(house: House, **wanted: Any) -> list[str]:
    found = house.office.desk.waiting(WaitingFilter(**wanted))
    return [one.session_id for one in found]


class TestWhoWaits:
    def test_the_longest_wait_comes_first_whoever_wrote_last(self, house: House) -> None:
        house.say("first")
        house.say("second", GRACES_CHAT, GRACE)
        house.say("again")
        assert waiting(house) == [ADAS_CHAT, GRACES_CHAT]
        (ada, _) = house.office.desk.waiting(WaitingFilter())
        assert (ada.open_count, ada.line) == (2, "again")
        count = house.office.desk.count()
        assert (count.sessions, count.unassigned, count.oldest) == (2, 2, ada.since)

    def test_page_after_page_in_order(self, house: House) -> None:
        for number in range(7):
            house.say("hello", f"session_{number}", GRACE)
        first = house.office.desk.waiting(WaitingFilter(limit=4))
        rest = house.office.desk.waiting(WaitingFilter(limit=4, after=first[-1].first_id or 0))
        found = [one.session_id for one in [*first, *rest]]
        assert found == [f"session_{number}" for number in range(7)]

    def test_a_command_is_no_message_to_operators(self, house: House) -> None:
        house.say("/help")
        assert waiting(house) == []

    def test_found_by_title_and_agent(self, house: House) -> None:
        house.say("100% off")
        house.say("other", GRACES_CHAT, GRACE)
        assert waiting(house, words=r"%100\%%") == [ADAS_CHAT]
        assert waiting(house, agent_id=0) == [ADAS_CHAT, GRACES_CHAT]
        assert waiting(house, agent_id=1) == []


class TestAClaim:
    def test_takes_the_conversation_from_the_agents(self, house: House, ana: Person) -> None:
        house.say("Where is my order?")
        house.office.desk.claim(ADAS_CHAT, ana)
        assert texts(house.poll(house.key())) == []
        house.say("Anyone?")
        assert texts(house.poll(house.key())) == []
        assert waiting(house) == []
        assert waiting(house, claimed=True) == [ADAS_CHAT]
        assert [one.session_id for one in house.office.desk.mine(ana)] == [ADAS_CHAT]

    def test_is_one_operator_s(self, house: House, ana: Person, ben: Person) -> None:
        house.say("Hello")
        house.office.desk.claim(ADAS_CHAT, ana)
        house.clock.pass_seconds(3)
        with pytest.raises(ConversationTaken, match="Taken by ana 3 s ago"):
            house.office.desk.claim(ADAS_CHAT, ben)
        with pytest.raises(ConversationTaken):
            house.office.desk.reply(ADAS_CHAT, ben, "Me!", seen=0)
        with pytest.raises(ConversationTaken):
            house.office.desk.resolve(ADAS_CHAT, ben)
        house.office.desk.claim(ADAS_CHAT, ana)
        assert house.kinds().count("desk.claimed") == 1

    def test_ends_by_itself_and_counts_no_attempt(
        self, house: House, ana: Person, ben: Person
    ) -> None:
        house.say("Hello")
        house.office.desk.claim(ADAS_CHAT, ana)
        house.clock.pass_seconds(590)
        house.office.desk.touch(ADAS_CHAT, ana)
        house.clock.pass_seconds(590)
        assert house.office.desk.holder(ADAS_CHAT) is not None
        house.clock.pass_seconds(11)
        assert house.office.desk.holder(ADAS_CHAT) is None
        (delivery,) = house.poll(house.key()).deliveries
        assert delivery.attempt == 1
        house.office.desk.claim(ADAS_CHAT, ben)

    def test_of_what_an_agent_holds_says_so(self, house: House, ana: Person) -> None:
        house.say("Hello")
        key = house.key()
        house.poll(key)
        assert house.office.desk.agent_holds(ADAS_CHAT)
        house.office.desk.claim(ADAS_CHAT, ana)
        house.clock.pass_seconds(31)
        assert not house.office.desk.agent_holds(ADAS_CHAT)
        assert texts(house.poll(key)) == []

    def test_of_an_unknown_session_is_not_found(self, house: House, ana: Person) -> None:
        for act in (house.office.desk.claim, house.office.desk.resolve):
            with pytest.raises(SessionNotFound):
                act("session_nobody", ana)
        with pytest.raises(SessionNotFound):
            house.office.desk.note("session_nobody", ana, "x")

    def test_handed_back_is_the_agents_again(self, house: House, ana: Person, ben: Person) -> None:
        house.say("Hello")
        house.office.desk.claim(ADAS_CHAT, ana)
        with pytest.raises(ConversationTaken):
            house.office.desk.hand_back(ADAS_CHAT, ben)
        house.office.desk.hand_back(ADAS_CHAT, ana)
        assert house.kinds()[-1] == "desk.released"
        assert texts(house.poll(house.key())) == ["Hello"]
        with pytest.raises(NotYours):
            house.office.desk.hand_back(ADAS_CHAT, ana)


class TestAReply:
    def test_answers_all_that_waits_and_reaches_the_visitor(
        self, house: House, ana: Person
    ) -> None:
        house.say("One")
        house.say("Two")
        reply = house.office.desk.reply(ADAS_CHAT, ana, "Both!", seen=0)
        events = house.feed.after(0, session_id=ADAS_CHAT)
        (told,) = [e.data["response"] for e in events if e.kind == "response.created"]
        assert (told["id"], told["response"]) == (reply.id, "Both!")
        assert [e.kind for e in events].count("message.acked") == 2
        assert "ana" not in json.dumps([dict(e.data) for e in events])
        assert house.office.desk.holder(ADAS_CHAT) is not None
        assert texts(house.poll(house.key())) == []

    def test_does_not_overwrite_what_was_answered_meanwhile(
        self, house: House, ana: Person
    ) -> None:
        house.say("Hello")
        house.reply(house.key(), "The agent's", message_id=1)
        with pytest.raises(AnsweredMeanwhile):
            house.office.desk.reply(ADAS_CHAT, ana, "Mine", seen=0)
        seen = house.office.desk.newest_response(ADAS_CHAT)
        house.office.desk.reply(ADAS_CHAT, ana, "Mine", seen=seen, resolve=True)
        assert house.office.desk.holder(ADAS_CHAT) is None

    def test_of_an_agent_that_comes_late_is_kept_and_its_lease_is_done(
        self, house: House, ana: Person
    ) -> None:
        house.say("Hello")
        key = house.key()
        (delivery,) = house.poll(key).deliveries
        house.office.desk.reply(ADAS_CHAT, ana, "Mine", seen=0)
        assert house.inbox.acknowledge(key, [delivery.receipt or ""]) == [delivery.message.id]


def test_resolving_is_told_and_written_down(house: House, ana: Person) -> None:
    house.say("Hello")
    house.office.desk.resolve(ADAS_CHAT, ana)
    assert waiting(house, claimed=True) == []
    assert house.kinds()[-2:] == ["message.acked", "desk.resolved"]
    entry = [*house.audit.entries()][-1]
    assert (entry.action, entry.before, entry.after) == (
        "conversation.resolve", "1 waiting", "resolved",
    )  # fmt: skip
    house.audit.verify()


def test_a_private_note_is_in_nothing_a_visitor_or_agent_can_read(
    house: House, ana: Person
) -> None:
    house.say("Hello")
    house.office.desk.note(ADAS_CHAT, ana, SECRET)
    session = house.sessions.find(ADAS_CHAT)
    read = [
        house.feed.after(0),
        house.feed.after(0, session_id=ADAS_CHAT),
        house.transcripts.page(session, None, 50, Links()),
        *(
            "".join(house.transcripts.export(session, f, Links())[0])
            for f in ("md", "json", "html")
        ),
        house.poll(house.key()),
        house.store.responses.page(ADAS_CHAT, None, 50),
        house.feed.load(house.feed.heads(0, operator=True)),
    ]
    assert SECRET not in repr(read)
    assert "desk.noted" not in [event.kind for event in house.feed.after(0)]
    assert "desk.noted" in [row.kind for row in house.feed.heads(0, operator=True)]
    (entry,) = [e for e in house.office.timeline.page(ADAS_CHAT, None).entries if e.by]
    assert asdict(entry.what)["text"] == SECRET  # type: ignore[call-overload]  # a note


def test_a_reader_is_not_stuck_behind_what_only_operators_hear(house: House, ana: Person) -> None:
    house.say("Hello")
    for _ in range(5):
        house.office.desk.note(ADAS_CHAT, ana, "x")
    house.say("Again")
    events = house.feed.after(0, 2)
    assert [e.data["message"]["message"] for e in events] == ["Hello", "Again"]


class TestTheTimeline:
    def test_holds_every_event_in_order(self, house: House, ana: Person) -> None:
        house.say("Hello")
        house.clock.pass_seconds(1)
        key = house.key()
        (delivery,) = house.poll(key).deliveries
        house.clock.pass_seconds(1)
        house.inbox.give_back(key, [delivery.receipt or ""], delay_seconds=0, reason="no")
        house.clock.pass_seconds(1)
        house.office.desk.reply(ADAS_CHAT, ana, "Here", seen=0, resolve=True)
        entries = house.office.timeline.page(ADAS_CHAT, None).entries
        names = [getattr(e.what, "kind", None) or type(e.what).__name__ for e in entries]
        given = ["Message", "message.leased", "message.released"]
        answered = ["desk.claimed", "message.leased", "text", "message.acked", "desk.resolved"]
        assert names == [*given, *answered]
        assert [e.by for e in entries if e.by] == ["ana"]

    def test_page_before_page_tears_nothing_apart(self, house: House) -> None:
        for number in range(30):
            house.say(f"{number}")
            house.clock.pass_seconds(0.5)
        found: list[str] = []
        before = None
        while True:
            stretch = house.office.timeline.page(ADAS_CHAT, before, 7)
            found = [e.what.text for e in stretch.entries] + found  # type: ignore[union-attr]  # messages only
            before = stretch.before
            if before is None:
                break
        assert found == [str(number) for number in range(30)]


class TestAForm:
    def test_acts_once(self, house: House) -> None:
        acts: list[int] = []
        for _ in range(2):
            told = house.office.forms.once("key", lambda: acts.append(1) or "done")
            assert told == "done"
        assert acts == [1]

    def test_that_was_refused_may_be_sent_again(self, house: House) -> None:
        def refuse() -> str:
            raise SessionNotFound

        for run in (house.office.forms.once, house.office.forms.once_apart):
            with pytest.raises(SessionNotFound):
                run("key", refuse)
        assert house.office.forms.once("key", lambda: "done") == "done"

    def test_under_way_does_not_begin_again(self, house: House) -> None:
        forms = house.office.forms

        def act() -> str:
            with pytest.raises(FormUnderWay):
                forms.once_apart("key", lambda: "twice")
            return "done"

        assert forms.once_apart("key", act) == "done"
        house.clock.pass_seconds(2 * 86_400)
        assert forms.once("other", lambda: "new") == "new"
        assert house.store.forms.answer("key") is None


def test_the_overview_counts(house: House, ana: Person) -> None:
    house.say("Hello")
    house.clock.pass_seconds(90)
    house.office.desk.reply(ADAS_CHAT, ana, "Here", seen=0, resolve=True)
    house.say("Again")
    glance = house.office.overview.glance()
    assert (glance.waiting.sessions, glance.last_hour, glance.answer_ms) == (1, 2, 90_000)
    assert len(glance.hours) == 24
    assert glance.hours[-1] == ("2026-11-21T12:00:00.000Z", 2)
    assert glance.checks["worker"] != "ok"
    assert glance.free_bytes > 0
