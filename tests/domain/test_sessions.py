"""Who is let into a conversation, and with what secret."""

from dataclasses import replace
from pathlib import Path

import pytest

from chat_bridge.errors import SessionNotFound, SessionTokenRequired
from chat_bridge.model import NewMessage, Visitor
from tests.builders import ADA, ADAS_CHAT, GRACE, GRACES_CHAT, PASSER_BY, House, new_house


def test_an_opened_session_needs_its_secret_from_the_start(house: House) -> None:
    entry = house.sessions.open(None, PASSER_BY)
    name = entry.session.session_id
    assert entry.created
    assert entry.token
    with pytest.raises(SessionTokenRequired):
        house.sessions.authorise(name, PASSER_BY)
    with pytest.raises(SessionNotFound):
        house.sessions.authorise(name, GRACE)
    assert house.sessions.authorise(name, Visitor(entry.token)).session_id == name


def test_the_browsers_own_secret_is_taken_and_not_shown_again(house: House) -> None:
    entry = house.sessions.open(None, replace(ADA, by_cookie=True))
    assert entry.token is None
    assert house.sessions.authorise(entry.session.session_id, ADA)


def test_a_secret_that_can_be_guessed_is_not_taken(house: House) -> None:
    entry = house.sessions.open(None, Visitor("short"))
    assert entry.token
    with pytest.raises(SessionNotFound):
        house.sessions.authorise(entry.session.session_id, Visitor("short"))


def test_the_database_never_holds_a_secret(house: House) -> None:
    token = house.sessions.open(None, PASSER_BY).token
    house.say("Good morning")
    key = house.keys.create("Charles", frozenset({"inbox"}))
    house.store.database.close()
    content = b"".join(p.read_bytes() for p in house.folder.glob("bridge.db*"))
    for secret in (token, ADA.secret, key):
        assert secret
        assert secret.encode() not in content


def test_an_unknown_session_looks_like_a_strangers(house: House) -> None:
    house.say("Mine")
    with pytest.raises(SessionNotFound) as unknown:
        house.sessions.authorise("session_nobody", GRACE)
    with pytest.raises(SessionNotFound) as foreign:
        house.sessions.authorise(ADAS_CHAT, GRACE)
    assert (str(unknown.value), unknown.value.details) == (
        str(foreign.value),
        foreign.value.details,
    )


def test_a_session_stays_reachable_by_id_until_its_secret_was_presented(house: House) -> None:
    accepted = house.say("Hello", who=PASSER_BY)
    assert accepted.token
    assert house.sessions.authorise(ADAS_CHAT, PASSER_BY)
    assert house.say("Again", who=PASSER_BY).token is None
    assert house.sessions.authorise(ADAS_CHAT, Visitor(accepted.token))
    with pytest.raises(SessionTokenRequired):
        house.sessions.authorise(ADAS_CHAT, PASSER_BY)
    with pytest.raises(SessionTokenRequired):
        house.say("Not me", who=PASSER_BY)
    with pytest.raises(SessionNotFound):
        house.say("Not me either", who=GRACE)


def test_a_refused_message_leaves_no_trace(house: House) -> None:
    house.say("Mine")
    before = house.sessions.find(ADAS_CHAT)
    house.clock.pass_seconds(60)
    with pytest.raises(SessionNotFound):
        house.say("Not mine", who=GRACE)
    assert house.sessions.find(ADAS_CHAT) == before
    assert house.kinds() == ["message.created"]


def test_writing_with_the_secret_binds_too(house: House) -> None:
    token = house.say("Hello", who=PASSER_BY).token
    house.say("It is me", who=Visitor(token))
    with pytest.raises(SessionTokenRequired):
        house.sessions.authorise(ADAS_CHAT, PASSER_BY)


def test_when_required_the_id_alone_opens_nothing(tmp_path: Path) -> None:
    house = new_house(tmp_path, tokens_required=True)
    token = house.say("First", who=PASSER_BY).token
    with pytest.raises(SessionTokenRequired):
        house.sessions.authorise(ADAS_CHAT, PASSER_BY)
    with pytest.raises(SessionTokenRequired):
        house.say("Second", who=PASSER_BY)
    with pytest.raises(SessionNotFound):
        house.say("Second", who=GRACE)
    assert house.say("Second", who=Visitor(token)).message.id == 2


class TestALostFirstAnswer:
    """The client retries without ever having seen its secret."""

    def test_gets_a_new_secret(self, house: House) -> None:
        new = NewMessage(ADAS_CHAT, "Hello", client_msg_id="m-1")
        lost = house.post(new, PASSER_BY).token
        again = house.post(new, PASSER_BY)
        assert again.repeated
        assert again.token
        assert again.token != lost
        assert house.sessions.authorise(ADAS_CHAT, Visitor(again.token))
        with pytest.raises(SessionNotFound):
            house.sessions.authorise(ADAS_CHAT, Visitor(lost))

    def test_gets_a_new_secret_where_one_is_required(self, tmp_path: Path) -> None:
        house = new_house(tmp_path, tokens_required=True)
        new = NewMessage(ADAS_CHAT, "Hello", client_msg_id="m-1")
        lost = house.post(new, PASSER_BY)
        again = house.post(new, PASSER_BY)
        assert (again.repeated, again.message.id) == (True, lost.message.id)
        assert house.sessions.authorise(ADAS_CHAT, Visitor(again.token))
        with pytest.raises(SessionTokenRequired):
            house.post(new, PASSER_BY)

    def test_gets_none_once_the_secret_was_presented(self, house: House) -> None:
        new = NewMessage(ADAS_CHAT, "Hello", client_msg_id="m-1")
        token = house.post(new, PASSER_BY).token
        house.sessions.authorise(ADAS_CHAT, Visitor(token))
        assert house.post(new, Visitor(token)).token is None
        with pytest.raises(SessionTokenRequired):
            house.post(new, PASSER_BY)


class TestARowOfAnotherProgram:
    """Only a session id, the columns of the founding schema and their defaults."""

    def test_takes_messages_and_keeps_its_secret(self, house: House) -> None:
        with house.store.write():
            house.store.database.connection.execute(
                "INSERT INTO web_chat_sessions (session_id, uid) VALUES (?, 'aabbccddeeff0011')",
                (ADAS_CHAT,),
            )
        accepted = house.say("Hello", who=PASSER_BY)
        assert accepted.message.uid == "aabbccddeeff0011"
        assert accepted.session.chat_id
        if accepted.token:
            house.sessions.authorise(ADAS_CHAT, Visitor(accepted.token))
            with pytest.raises(SessionTokenRequired):
                house.sessions.authorise(ADAS_CHAT, PASSER_BY)

    def test_takes_replies(self, house: House) -> None:
        with house.store.write():
            house.store.database.connection.execute(
                "INSERT INTO web_chat_sessions (session_id) VALUES ('widget_1')"
            )
        assert house.reply(house.key(), "Hi", "widget_1").session_id == "widget_1"


def test_a_uid_is_16_hex_characters_for_ever(house: House) -> None:
    uid = house.say("One").message.uid
    assert uid
    assert len(uid) == 16
    assert int(uid, 16) >= 0
    house.clock.pass_seconds(400 * 86_400)
    house.upkeep().retire_sessions()
    assert house.say("Two").message.uid == uid


def test_a_browser_finds_its_own_sessions_latest_first(house: House) -> None:
    for name in ("session_a", "session_b"):
        house.say("Hello", name)
        house.clock.pass_seconds(1)
    house.say("Hello", "session_c", GRACE)
    house.say("Once more", "session_a")
    assert ADA.secret
    found = [session.session_id for session in house.sessions.of_browser(ADA.secret)]
    assert found == ["session_a", "session_b"]


def test_an_idle_session_expires_and_comes_back(house: House) -> None:
    house.say("Hello")
    house.clock.pass_seconds(90_000)
    house.upkeep(session_timeout=86_400).retire_sessions()
    assert house.sessions.find(ADAS_CHAT).status == "expired"
    assert house.reply(house.key(), "Late, but here").id
    house.say("Thanks")
    assert house.sessions.find(ADAS_CHAT).status == "active"


def test_a_session_that_is_watched_does_not_expire(house: House) -> None:
    house.say("Hello")
    for _ in range(30):
        house.clock.pass_seconds(10_000)
        house.sessions.watched(house.sessions.find(ADAS_CHAT), 86_400)
        house.upkeep(session_timeout=86_400).retire_sessions()
    assert house.sessions.find(ADAS_CHAT).status == "active"
    before = house.sessions.find(ADAS_CHAT).last_activity
    house.clock.pass_seconds(100)
    house.sessions.watched(house.sessions.find(ADAS_CHAT), 86_400)
    assert house.sessions.find(ADAS_CHAT).last_activity == before  # no write for each poll


def test_an_expired_session_waits_for_a_message_not_a_reader(house: House) -> None:
    house.say("Hello")
    house.clock.pass_seconds(90_000)
    house.upkeep(session_timeout=86_400).retire_sessions()
    house.sessions.watched(house.sessions.find(ADAS_CHAT), 86_400)
    assert house.sessions.find(ADAS_CHAT).status == "expired"


def test_retention_erases_only_what_is_old(house: House) -> None:
    house.say("Old", "session_old")
    house.clock.pass_seconds(31 * 86_400)
    house.say("New", "session_new")
    house.upkeep(retention_days=0).retire_sessions()
    assert house.sessions.exists("session_old")
    house.upkeep(retention_days=30).retire_sessions()
    assert not house.sessions.exists("session_old")
    assert house.sessions.exists("session_new")


def test_erasing_forgets_everything(house: House) -> None:
    house.say("/info")
    house.say("Hello")
    house.reply(house.key(), "Hi")
    house.upload("list.csv", b"a,b\n1,2\n")
    house.sessions.erase(house.sessions.find(ADAS_CHAT))
    connection = house.store.database.connection
    for table in ("web_chat_messages", "web_chat_responses", "events", "jobs", "attachments"):
        assert connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] == 0
    assert not [p for p in house.folder.rglob("*") if p.is_file() and "bridge.db" not in p.name]
    with pytest.raises(SessionNotFound):
        house.sessions.find(ADAS_CHAT)


class TestSavedPipelines:
    """They belong to a browser, to a conversation without one, or to an account."""

    def names(self, house: House, owner: str = "%") -> list[str]:
        found = house.store.database.connection.execute(
            "SELECT name FROM saved_workflows WHERE owner LIKE ? ORDER BY name", [owner]
        )
        return [row["name"] for row in found]

    def erase(self, house: House, session: str) -> None:
        house.sessions.erase(house.sessions.find(session))

    def test_go_with_the_last_conversation_of_their_browser(self, house: House) -> None:
        house.say("Hello")
        house.say("Hello", "session_second")
        house.say("Hello", GRACES_CHAT, GRACE)
        house.pipelines.save(ADAS_CHAT, "monthly", "/dedupe")
        house.pipelines.save(GRACES_CHAT, "weekly", "/dedupe")
        self.erase(house, ADAS_CHAT)
        assert house.pipelines.find("session_second", "monthly")
        self.erase(house, "session_second")
        assert self.names(house) == ["weekly"]

    def test_go_with_a_conversation_that_no_browser_has(self, house: House) -> None:
        house.say("Hello", "session_old_client", Visitor())
        with house.store.write():
            house.store.database.connection.execute(
                "UPDATE web_chat_sessions SET token_hash = NULL"
            )
        house.pipelines.save("session_old_client", "monthly", "/dedupe")
        assert self.names(house, "session:%") == ["monthly"]
        self.erase(house, "session_old_client")
        assert self.names(house) == []

    def test_of_an_account_stay_with_it(self, house: House) -> None:
        house.say("Hello")
        with house.store.write():
            house.store.database.connection.execute(
                "INSERT INTO users (username, password_hash) VALUES ('ada', 'x')"
            )
            house.store.database.connection.execute(
                "UPDATE web_chat_sessions SET user_id = (SELECT MAX(id) FROM users)"
            )
        house.pipelines.save(ADAS_CHAT, "monthly", "/dedupe")
        self.erase(house, ADAS_CHAT)
        assert self.names(house, "user:%") == ["monthly"]
