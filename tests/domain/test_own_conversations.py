"""Conversations of people who sign in, of guests, and those that turn to another agent."""

from dataclasses import replace
from pathlib import Path

import pytest

from chat_bridge.domain.agents import Agents
from chat_bridge.errors import (
    AgentNotFound,
    GuestLimitReached,
    SessionNotFound,
    SignInExpired,
)
from chat_bridge.model import Agent, NewMessage, Person, Visitor
from chat_bridge.ports import AgentChange
from tests.builders import ADA, GRACE, House, new_house

BROWSER = replace(ADA, by_cookie=True)


@pytest.fixture
def person(house: House) -> Person:
    return house.accounts.add("ada", "user", "test")[0]


def page_session(house: House, who: Visitor = BROWSER) -> str:
    return house.sessions.open(None, who).session.session_id


def say(house: House, session: str, who: Visitor = BROWSER, agent: str | None = None) -> None:
    house.post(NewMessage(session, "Hello", agent=agent), who)


class TestOwners:
    def test_what_a_guest_said_is_theirs_after_signing_in(
        self, house: House, person: Person
    ) -> None:
        session = page_session(house)
        assert house.sessions.claim(BROWSER.secret or "", person) == 1
        elsewhere = replace(GRACE, by_cookie=True, person=person)
        assert house.sessions.authorise(session, elsewhere).user_id == person.id
        assert [s.session_id for s in house.sessions.of_person(person, "")] == [session]

    def test_the_browser_alone_does_not_open_it_any_more(
        self, house: House, person: Person
    ) -> None:
        session = page_session(house)
        house.sessions.claim(BROWSER.secret or "", person)
        with pytest.raises(SignInExpired):
            house.sessions.authorise(session, BROWSER)
        with pytest.raises(SignInExpired):
            say(house, session)
        with pytest.raises(SessionNotFound):
            house.sessions.authorise(session, GRACE)
        bea = house.accounts.add("bea", "user", "test")[0]
        with pytest.raises(SessionNotFound):
            house.sessions.authorise(session, replace(BROWSER, person=bea))

    def test_what_begins_signed_in_is_owned_from_the_start(
        self, house: House, person: Person
    ) -> None:
        session = page_session(house, replace(BROWSER, person=person))
        with pytest.raises(SignInExpired):
            say(house, session)

    def test_nobody_takes_over_what_another_browser_said(
        self, house: House, person: Person
    ) -> None:
        house.say("Hello", "session_open", Visitor())
        house.post(NewMessage("session_open", "Mine now"), replace(GRACE, person=person))
        assert house.sessions.find("session_open").user_id is None

    def test_a_stranger_on_the_same_browser_sees_nothing_of_it(
        self, house: House, person: Person
    ) -> None:
        page_session(house)
        house.sessions.claim(BROWSER.secret or "", person)
        bea = house.accounts.add("bea", "user", "test")[0]
        assert house.sessions.of_person(bea, BROWSER.secret or "") == []


class TestGuests:
    @pytest.fixture
    def house(self, tmp_path: Path) -> House:
        return new_house(tmp_path, sign_in="required")

    def test_three_messages_then_a_sign_in(self, house: House, person: Person) -> None:
        first, second = page_session(house), page_session(house)
        for session in (first, first, second):
            say(house, session)
        assert house.guests.left(BROWSER.secret or "") == 0
        with pytest.raises(GuestLimitReached):
            say(house, second)
        house.sessions.claim(BROWSER.secret or "", person)
        say(house, second, replace(BROWSER, person=person))

    def test_both_settings_count_at_once(self, house: House) -> None:
        session = page_session(house)
        say(house, session)
        house.settings.put({"guest_message_limit": "1"})
        with pytest.raises(GuestLimitReached):
            say(house, session)
        house.settings.put({"sign_in": "off"})
        say(house, session)

    def test_a_retry_of_what_was_stored_is_no_new_message(self, house: House) -> None:
        session = page_session(house)
        for number in (1, 2, 3, 3, 3):
            house.post(NewMessage(session, "Hello", client_msg_id=str(number)), BROWSER)

    def test_turning_to_another_agent_never_counts(self, house: House) -> None:
        house.add_agent("scribe")
        session = page_session(house)
        for agent in ("scribe", "default", "scribe"):
            say(house, session, agent=agent)
        assert house.guests.left(BROWSER.secret or "") == 0

    def test_programs_and_old_pages_are_not_asked(self, house: House) -> None:
        opened = page_session(house, ADA)
        for _ in range(5):
            say(house, opened, ADA)
            say(house, "session_old", Visitor())

    def test_who_may_decline_is_not_stopped(self, tmp_path: Path) -> None:
        (tmp_path / "offered").mkdir()
        house = new_house(tmp_path / "offered", sign_in="offered")
        session = page_session(house)
        for left in (3, 2, 1, 0, 0):
            assert house.guests.left(BROWSER.secret or "") == left
            say(house, session)
        assert new_house(tmp_path).guests.left("x") is None


class TestVisibility:
    @pytest.mark.parametrize(("users", "roles", "guest", "ada", "viewer"), [
        ((), (), True, True, True), (("1",), (), False, True, False),
        (("ada",), (), False, True, False), ((), ("viewer",), False, False, True),
        (("1",), ("viewer",), False, True, True), (("?",), (), False, False, False),
    ])  # fmt: skip
    def test_by_user_and_role(
        self, person: Person, users: tuple[str, ...], roles: tuple[str, ...], *,
        guest: bool, ada: bool, viewer: bool,
    ) -> None:  # fmt: skip
        agent = Agent(9, "x", "X", "", False, "active", None, 0, None, users, roles)
        other = replace(person, id=2, username="vera", role="viewer")
        assert [agent.visible_to(who) for who in (None, person, other)] == [guest, ada, viewer]
        assert not replace(agent, status="inactive").visible_to(person)

    def test_what_another_program_wrote_is_read(self, house: House, person: Person) -> None:
        for text, seen in (('[1, "2"]', True), ("[7]", False), ("", True), ("null", True),
                           ("iris", False), ("[]", True)):  # fmt: skip
            house.store.database.connection.execute(
                "UPDATE agents SET visible_to_users = ? WHERE slug = 'default'", (text,)
            )
            agents = Agents(house.store, house.clock)
            assert ("default" in [a.slug for a in agents.visible_to(person)]) is seen

    def test_an_agent_closed_since_gets_nothing_from_our_page(self, house: House) -> None:
        session = page_session(house)
        house.say("Hello", "session_old", Visitor())
        agent = house.agents.resolve("default")
        house.agents.change(agent.id, AgentChange("A", "", "active", (), ("admin",)))
        with pytest.raises(AgentNotFound):
            say(house, session)
        with pytest.raises(AgentNotFound):
            say(house, session, agent="default")
        house.say("Still there?", "session_old", Visitor())


class TestSwitching:
    def test_it_is_said_before_the_message_and_to_both_agents(self, house: House) -> None:
        house.add_agent("scribe")
        session = page_session(house)
        say(house, session, agent="default")
        say(house, session, agent="scribe")
        page = house.store.responses.page(session, None, 10)
        assert [(r.kind, r.text) for r in page] == [("system", "You are now talking to Scribe.")]
        newest = house.store.messages.page(session, None, 1)[0]
        assert page[0].timestamp < newest.timestamp
        told = [e for e in house.store.events.after(0, 99, session) if e.kind == "session.updated"]
        assert {"agent": "scribe", "previous_agent": "default"} in [e.payload for e in told]
        scribes = house.key("Sam", agent="scribe")
        assert [d.message.text for d in house.poll(scribes).deliveries] == ["Hello"]

    def test_the_same_agent_again_is_no_switch(self, house: House) -> None:
        session = page_session(house)
        for agent in ("default", None, "default"):
            say(house, session, agent=agent)
        assert house.store.responses.page(session, None, 10) == []
