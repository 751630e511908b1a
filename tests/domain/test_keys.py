"""API keys: what opens what, for how long, and that nobody can read them back."""

from dataclasses import replace

import pytest
from limits import parse

from chat_bridge.domain.keys import ADMIN_SCOPES, AGENT_SCOPES, Keys
from chat_bridge.errors import (
    InvalidKey,
    KeyIsConfigured,
    KeyNotFound,
    MissingScope,
    TooManyRequests,
)
from chat_bridge.store.counters import Counters
from chat_bridge.store.limits import Failures
from tests.builders import QUERIES, House


def test_a_new_key_opens_what_it_is_for(house: House) -> None:
    secret = house.keys.create("Charles", frozenset({"inbox"}))
    assert secret.startswith("sk_")
    assert house.keys.authorise(secret, "inbox").name == "Charles"
    with pytest.raises(MissingScope):
        house.keys.authorise(secret, "outbox")


def test_an_admin_key_opens_inbox_and_outbox(house: House) -> None:
    secret = house.keys.create("Ada", ADMIN_SCOPES)
    for scope in ("inbox", "outbox", "events", "files"):
        assert house.keys.authorise(secret, scope)


@pytest.mark.parametrize("wrong", ["", "sk_", "x", "\x80", "é" * 100, "sk_00000000_" + "x" * 43])
def test_anything_else_opens_nothing(house: House, wrong: str) -> None:
    secret = house.keys.create("Charles", AGENT_SCOPES)
    for guess in (wrong, secret[:-1], secret + "x", secret.upper(), secret[:11]):
        with pytest.raises(InvalidKey):
            house.keys.authenticate(guess)


def test_an_expired_key_opens_nothing(house: House) -> None:
    secret = house.keys.create("Charles", AGENT_SCOPES, expires_at="2026-11-21T12:01:00.000Z")
    house.keys.authenticate(secret)
    house.clock.pass_seconds(61)
    with pytest.raises(InvalidKey):
        house.keys.authenticate(secret)


def test_a_revoked_key_opens_nothing_and_others_go_on(house: House) -> None:
    old, new = (house.keys.create("Charles", AGENT_SCOPES) for _ in range(2))
    with house.store.write():
        house.store.keys.revoke(old[:11], now=house.clock.now())
    with pytest.raises(InvalidKey):
        house.keys.authenticate(old)
    assert house.keys.authenticate(new)


class TestAConfiguredKey:
    def test_works_after_every_start(self, house: House) -> None:
        for _ in range(2):
            house.keys.configure("agent", "the-key-of-ada", AGENT_SCOPES)
            assert house.keys.authorise("the-key-of-ada", "inbox").name == "agent"
        assert len(house.store.keys.all()) == 1

    def test_replaces_the_one_before(self, house: House) -> None:
        house.keys.configure("agent", "the-first-key", AGENT_SCOPES)
        house.keys.configure("agent", "the-second-key", AGENT_SCOPES)
        with pytest.raises(InvalidKey):
            house.keys.authenticate("the-first-key")
        assert house.keys.authenticate("the-second-key")

    def test_works_again_when_it_comes_back(self, house: House) -> None:
        for secret in ("the-first-key", "the-second-key", "the-first-key"):
            house.keys.configure("agent", secret, AGENT_SCOPES)
        assert house.keys.authenticate("the-first-key")
        with pytest.raises(InvalidKey):
            house.keys.authenticate("the-second-key")

    def test_leaves_made_ones_alone(self, house: House) -> None:
        made = house.keys.create("agent", AGENT_SCOPES)
        house.keys.configure("agent", "the-first-key", AGENT_SCOPES)
        assert house.keys.authenticate(made)


def test_the_last_use_is_noted_to_the_minute(house: House) -> None:
    secret = house.keys.create("Charles", AGENT_SCOPES)
    house.keys.authenticate(secret)
    assert house.store.keys.all()[0].last_used_at == house.clock.now()
    noted = house.clock.now()
    house.clock.pass_seconds(30)
    house.keys.authenticate(secret)
    assert house.store.keys.all()[0].last_used_at == noted
    house.clock.pass_seconds(31)
    house.keys.authenticate(secret)
    assert house.store.keys.all()[0].last_used_at == house.clock.now()


def test_a_key_never_shows_its_secret(house: House) -> None:
    secret = house.keys.create("Charles", AGENT_SCOPES)
    key = house.keys.authenticate(secret)
    assert secret not in repr(replace(key, name="x"))
    assert secret not in repr(house.store.keys.all())


class TestRotation:
    def test_leaves_both_keys_for_a_while(self, house: House) -> None:
        old = house.keys.create("Charles", frozenset({"inbox"}), agent_id=1)
        new = house.keys.rotate(old[:11], 3_600)
        before, after = house.keys.authenticate(old), house.keys.authenticate(new)
        assert (after.name, after.scopes, after.agent_id) == ("Charles", frozenset({"inbox"}), 1)
        assert (before.expires_at, after.expires_at) == ("2026-11-21T13:00:00.000Z", None)
        house.clock.pass_seconds(3_600)
        assert house.keys.authenticate(new)
        with pytest.raises(InvalidKey):
            house.keys.authenticate(old)

    def test_without_overlap_ends_the_old_key_at_once(self, house: House) -> None:
        old = house.keys.create("Charles", AGENT_SCOPES)
        new = house.keys.rotate(old[:11], 0)
        assert house.keys.authenticate(new)
        with pytest.raises(InvalidKey):
            house.keys.authenticate(old)

    def test_makes_no_key_live_longer(self, house: House) -> None:
        soon = "2026-11-21T12:01:00.000Z"
        old = house.keys.create("Charles", AGENT_SCOPES, expires_at=soon)
        house.keys.rotate(old[:11], 3_600)
        assert house.keys.authenticate(old).expires_at == soon

    def test_is_for_live_keys(self, house: House) -> None:
        old = house.keys.create("Charles", AGENT_SCOPES)
        house.keys.revoke(old[:11])
        for prefix in (old[:11], "sk_nobody", ""):
            with pytest.raises(KeyNotFound):
                house.keys.rotate(prefix, 60)
            with pytest.raises(KeyNotFound):
                house.keys.revoke(prefix)

    def test_is_not_for_a_key_of_the_settings(self, house: House) -> None:
        house.keys.configure("agent", "the-key-of-ada", AGENT_SCOPES)
        (key,) = house.store.keys.all()
        with pytest.raises(KeyIsConfigured):
            house.keys.rotate(key.prefix, 60)
        assert house.keys.authenticate("the-key-of-ada")


class TestWrongKeys:
    """Of one address, on counts of the database."""

    @pytest.fixture
    def keys(self, house: House) -> Keys:
        wrong = Failures(Counters(house.store.database.path, QUERIES), parse("3/minute"))
        return Keys(house.store, house.clock, wrong)

    def test_close_the_door_even_for_the_right_one(self, keys: Keys) -> None:
        keys.configure("admin", "the-key-of-ada", ADMIN_SCOPES)
        for _ in range(3):
            with pytest.raises(InvalidKey):
                keys.authenticate("wrong", "10.0.0.1")
        with pytest.raises(TooManyRequests) as refused:
            keys.authenticate("the-key-of-ada", "10.0.0.1")
        assert 1 <= refused.value.details["retry_after"] <= 60  # type: ignore[operator]  # a number
        assert keys.authenticate("the-key-of-ada", "10.0.0.2")

    def test_leave_it_open_for_who_was_right_before(self, keys: Keys) -> None:
        keys.configure("admin", "the-key-of-ada", ADMIN_SCOPES)
        keys.authenticate("the-key-of-ada", "10.0.0.1")
        for _ in range(3):
            with pytest.raises(InvalidKey):
                keys.authenticate("wrong", "10.0.0.1")
        assert keys.authenticate("the-key-of-ada", "10.0.0.1")

    def test_leave_it_open_for_keys_nobody_can_guess(self, keys: Keys) -> None:
        secret = keys.create("Charles", AGENT_SCOPES)
        guess = secret[:-3] + "xyz"
        for _ in range(3):
            with pytest.raises(InvalidKey):
                keys.authenticate(guess, "10.0.0.1")
        with pytest.raises(TooManyRequests):
            keys.authenticate(guess, "10.0.0.1")
        assert keys.authenticate(secret, "10.0.0.1")
