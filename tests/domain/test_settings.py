"""The shared settings table: texts in, texts out, secrets unreadable, keys taken over at once."""

import pytest

from chat_bridge.domain.kept_keys import KeptKeys
from chat_bridge.domain.keys import ADMIN_SCOPES, AGENT_SCOPES
from chat_bridge.domain.live import Live
from chat_bridge.domain.settings import MASK, SharedSettings
from chat_bridge.errors import InvalidField, InvalidKey
from tests.builders import House, new_live


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


def written(house: House, key: str, value: str) -> None:
    """As another program does: without asking us."""
    with house.store.write():
        house.store.settings.put(key, value, description="", secret=False, now=house.clock.now())


class TestWhatCountsAtOnce:
    @pytest.mark.parametrize(("kept", "seconds"), [("600", 600), (" 600 ", 600), ("", 86_400)])
    def test_is_what_the_table_says(self, house: House, kept: str, seconds: int) -> None:
        house.settings.put({"session_timeout": kept})
        assert house.settings.live.now().session_timeout == seconds
        assert house.settings.shown()["session_timeout"] == str(seconds)

    @pytest.mark.parametrize("kept", ["soon", "0", "²", "9" * 30, "-5", "1e3"])
    def test_nonsense_is_refused_here(self, house: House, kept: str) -> None:
        with pytest.raises(InvalidField, match="whole number from 60"):
            house.settings.put({"session_timeout": kept, "greeting": "Hi"})
        assert "greeting" not in house.settings.shown()

    def test_nonsense_of_others_is_told_once_and_ignored(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        written(house, "session_timeout", "soon")
        written(house, "limit_messages", "many")
        for _ in range(3):
            assert house.settings.live.now() == Live()
        assert sorted(record.message.split(" ")[1] for record in caplog.records) == [
            "limit_messages", "session_timeout",
        ]  # fmt: skip

    def test_the_start_wins(self, house: House) -> None:
        written(house, "session_timeout", "600")
        written(house, "max_message_length", "50")
        live = new_live(house.store, Live(session_timeout=3_600), "session_timeout").now()
        assert (live.session_timeout, live.max_message_chars) == (3_600, 50)

    @pytest.mark.parametrize(
        ("name", "text", "field", "value"),
        [
            ("max_message_length", "500", "max_message_chars", 500),
            ("retention_days", "30", "retention_days", 30),
            ("legacy_lease", "60", "legacy_lease", 60),
            ("cors_origins", "https://a.example, https://b.example", "cors_origins",
             ("https://a.example", "https://b.example")),
            ("limit_reads", "5/second", "limit_reads", "5/second"),
            ("max_attempts", "2", "max_attempts", 2),
            ("page_agent", "default", "page_agent", "default"),
            ("sign_in", "required", "sign_in", "required"),
            ("guest_message_limit", "7", "guest_message_limit", 7),
        ],
    )  # fmt: skip
    def test_each(self, house: House, name: str, text: str, field: str, value: object) -> None:
        house.settings.put({name: text})
        assert getattr(house.settings.live.now(), field) == value
        assert house.settings.shown()[name] == text

    def test_the_timeout_expires_sessions(self, house: House) -> None:
        house.say("Good morning")
        house.settings.put({"session_timeout": "600"})
        house.clock.pass_seconds(601)
        house.upkeep().retire_sessions()
        assert house.sessions.find("session_ada").status == "expired"

    def test_the_attempts_bury_a_message(self, house: House) -> None:
        message = house.say("Good morning").message
        house.settings.put({"max_attempts": "1"})
        charles = house.key()
        receipt = house.poll(charles).deliveries[0].receipt
        house.inbox.give_back(charles, [receipt or ""], delay_seconds=0, reason="cannot")
        assert house.state(message.id) == "dead"


class TestTheKeysOfAnotherProgram:
    def follow(self, house: House) -> None:
        KeptKeys(house.store, house.keys, {"ObeyG1ant", "FreeUkra1ne"}).follow()

    def test_open_ours_and_change_with_theirs(self, house: House) -> None:
        written(house, "api_key", "their-first-key")
        self.follow(house)
        assert house.keys.authorise("their-first-key", "inbox")
        written(house, "api_key", "their-second-key")
        self.follow(house)
        assert house.keys.authorise("their-second-key", "outbox")
        with pytest.raises(InvalidKey):
            house.keys.authenticate("their-first-key")
        written(house, "api_key", "their-first-key")
        self.follow(house)
        assert house.keys.authenticate("their-first-key")

    @pytest.mark.parametrize("published", ["ObeyG1ant", "FreeUkra1ne", ""])
    def test_never_a_published_one(self, house: House, published: str) -> None:
        written(house, "admin_key", "their-admin-key")
        self.follow(house)
        written(house, "admin_key", published)
        self.follow(house)
        for secret in ("their-admin-key", published):
            with pytest.raises(InvalidKey):
                house.keys.authenticate(secret)

    def test_do_not_close_the_configured_one(self, house: House) -> None:
        house.keys.configure("agent", "the-agent-key", AGENT_SCOPES)
        written(house, "api_key", "their-first-key")
        self.follow(house)
        assert house.keys.authenticate("the-agent-key")
        assert house.keys.authenticate("their-first-key")

    def test_a_key_revoked_here_stays_revoked(self, house: House) -> None:
        written(house, "api_key", "their-first-key")
        self.follow(house)
        house.keys.revoke(house.store.keys.all()[-1].prefix)
        self.follow(house)
        with pytest.raises(InvalidKey):
            house.keys.authenticate("their-first-key")


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
    live = new_live(house.store, Live(session_timeout=60, max_message_chars=500))
    own = SharedSettings(house.store, house.clock, house.keys, live, ())
    assert own.shown()["max_message_length"] == "500"
    assert own.shown()["session_timeout"] == "60"
