"""The shared settings table: texts in, texts out, secrets unreadable, keys taken over at once."""

import pytest

from chat_bridge.domain.keys import ADMIN_SCOPES, AGENT_SCOPES
from chat_bridge.domain.settings import MASK, SharedSettings, timeout
from chat_bridge.errors import InvalidField, InvalidKey
from tests.builders import House


def row(house: House, key: str) -> tuple[int, str, str]:
    found = house.store.database.connection.execute(
        "SELECT id, config_value, description FROM system_config WHERE config_key = ?", (key,)
    ).fetchone()
    return tuple(found)


def test_any_key_is_kept_as_text(house: House) -> None:
    house.settings.put({"greeting": "Grüß Gott", "flask_port": "5000"})
    shown = house.settings.shown()
    assert (shown["greeting"], shown["flask_port"]) == ("Grüß Gott", "5000")


def test_what_old_clients_look_for_is_always_there(house: House) -> None:
    shown = house.settings.shown()
    assert shown["api_key"] == shown["admin_key"] == MASK
    assert (shown["session_timeout"], shown["max_message_length"]) == ("86400", "10000")


def test_a_changed_value_keeps_its_description_and_number(house: House) -> None:
    with house.store.write():
        house.store.settings.put(
            "greeting", "Hi", description="said first", secret=False, now=house.clock.now()
        )
    before = row(house, "greeting")
    house.settings.put({"greeting": "Hello"})
    assert row(house, "greeting") == (before[0], "Hello", "said first")


@pytest.mark.parametrize("name", ["openai_api_key", "letta_server_token", "smtp_password"])
def test_a_secret_is_a_mask_that_changes_nothing(house: House, name: str) -> None:
    house.settings.put({name: "hush"})
    assert house.settings.shown()[name] == MASK
    house.settings.put(house.settings.shown() | {"greeting": "Hi"})
    assert row(house, name)[1] == "hush"
    house.settings.put({name: ""})
    assert house.settings.shown()[name] == ""


def test_what_the_server_keeps_for_itself_is_hidden_and_closed(house: House) -> None:
    with house.store.write():
        house.store.settings.put(
            "events_pruned_to", "7", description="", secret=False, now=house.clock.now()
        )
    assert "events_pruned_to" not in house.settings.shown()
    with pytest.raises(InvalidField):
        house.settings.put({"greeting": "Hi", "events_pruned_to": "9" * 18})
    assert "greeting" not in house.settings.shown()


class TestAKey:
    def test_replaces_the_configured_one(self, house: House) -> None:
        house.keys.configure("admin", "the-first-admin-key", ADMIN_SCOPES)
        house.keys.configure("agent", "the-agent-key", AGENT_SCOPES)
        house.settings.put({"admin_key": "the-second-admin-key"})
        assert house.keys.authorise("the-second-admin-key", "admin")
        assert house.keys.authorise("the-agent-key", "inbox")
        with pytest.raises(InvalidKey):
            house.keys.authenticate("the-first-admin-key")

    def test_is_not_stored_in_clear(self, house: House) -> None:
        house.settings.put({"api_key": "the-second-agent-key"})
        assert house.store.settings.get("api_key") is None

    def test_is_told_to_the_program_that_shares_the_table(self, house: House) -> None:
        with house.store.write():
            house.store.settings.put(
                "api_key", "shared-key", description="", secret=True, now=house.clock.now()
            )
        house.settings.put({"api_key": "the-second-agent-key"})
        assert house.store.settings.get("api_key") == "the-second-agent-key"

    @pytest.mark.parametrize("value", ["", "short", "ObeyG1ant"])
    def test_must_be_hard_to_guess(self, house: House, value: str) -> None:
        house.keys.configure("agent", "the-agent-key", AGENT_SCOPES)
        with pytest.raises(InvalidField):
            house.settings.put({"api_key": value})
        assert house.keys.authenticate("the-agent-key")

    def test_masked_is_the_one_there_is(self, house: House) -> None:
        house.keys.configure("agent", "the-agent-key", AGENT_SCOPES)
        house.settings.put({"api_key": MASK})
        assert house.keys.authenticate("the-agent-key")


class TestTheTimeout:
    @pytest.mark.parametrize(
        ("kept", "seconds"),
        [("600", 600), (" 600 ", 600), ("soon", 86_400), ("0", 86_400), ("²", 86_400), ("", 86_400),
         ("9" * 30, 86_400), ("-5", 86_400)],
    )  # fmt: skip
    def test_is_what_the_table_says(self, house: House, kept: str, seconds: int) -> None:
        house.settings.put({"session_timeout": kept})
        assert timeout(house.store, 86_400) == seconds
        assert house.settings.shown()["session_timeout"] == str(seconds)

    def test_given_at_the_start_wins(self, house: House) -> None:
        house.settings.put({"session_timeout": "600"})
        assert timeout(house.store, 3_600) == 3_600

    def test_expires_sessions(self, house: House) -> None:
        house.say("Good morning")
        house.settings.put({"session_timeout": "600"})
        house.clock.pass_seconds(601)
        house.upkeep().retire_sessions()
        assert house.sessions.find("session_ada").status == "expired"


def test_everything_is_erased_and_counted(house: House) -> None:
    for name in ("session_ada", "session_grace"):
        house.say("Good morning", name)
    house.reply(house.key(), "Hello")
    before, after = house.sessions.erase_all()
    assert before == {"sessions": 2, "messages": 2, "responses": 1}
    assert after == {"sessions": 0, "messages": 0, "responses": 0}


def test_erasing_everything_forgets_the_bytes(house: House) -> None:
    house.say("Good morning")
    house.say("Good morning", "session_grace")
    files = [house.upload("list.csv", b"a,b\n1,2\n", s) for s in ("session_ada", "session_grace")]
    house.sessions.erase_all()
    assert not any(house.attachments.path(file).exists() for file in files)


def test_the_settings_know_their_limits(house: House) -> None:
    own = SharedSettings(house.store, house.clock, house.keys, 60, 500, ())
    assert own.shown()["max_message_length"] == "500"
    assert own.shown()["session_timeout"] == "60"
