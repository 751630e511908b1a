"""Signing in, staying in, and being signed out."""

import math
import time
from dataclasses import replace

import bcrypt
import pytest

from chat_bridge.domain import logins as signing
from chat_bridge.domain import passwords
from chat_bridge.domain.times import canonical
from chat_bridge.errors import LoginNotFound, SignInLocked, WrongPassword
from chat_bridge.model import Person, SignedIn, Visitor
from tests.builders import House
from tests.patience import LONG

PASSWORD = "blue horses at dawn"
HERE = Visitor(ip="192.0.2.1", user_agent="Firefox")
MINUTE, HOUR = 60, 3_600


@pytest.fixture
def grace(house: House) -> Person:
    """An operator."""
    return house.accounts.add("grace", "operator", "test", password=PASSWORD)[0]


def enter(house: House, name: str = "grace", password: str = PASSWORD) -> str:
    return house.logins.sign_in(name, password, HERE)[1]


def known(house: House, token: str) -> SignedIn:
    found = house.logins.signed_in(token)
    assert found is not None
    return found


def noted(house: House) -> list[tuple[str, str, str]]:
    return [(entry.actor, entry.action, entry.subject) for entry in house.audit.entries()]


def test_a_sign_in_is_known_by_its_token(house: House, grace: Person) -> None:
    token = enter(house)
    found = known(house, token)
    assert found.person.username == grace.username
    assert (found.login.ip_address, found.login.user_agent) == ("192.0.2.1", "Firefox")
    assert house.logins.signed_in(token + "x") is None
    assert house.logins.signed_in("") is None
    assert ("user grace", "sign in", "192.0.2.1") in noted(house)
    entered = house.accounts.find(grace.id).last_login
    assert canonical(entered or "") == house.clock.now()


def test_the_token_itself_is_kept_nowhere(house: House, grace: Person) -> None:
    token = enter(house)
    house.store.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert token.encode() not in house.store.database.path.read_bytes()


def test_names_are_found_in_any_case(house: House, grace: Person) -> None:
    assert known(house, enter(house, "GRACE")).person.id == grace.id


def test_every_refusal_looks_alike(house: House, grace: Person) -> None:
    house.accounts.add("old", "user", "test", password=PASSWORD)
    house.accounts.deactivate(house.accounts.named("old").id, "test")
    said = set()
    for name, password in (("grace", "wrong"), ("nobody", PASSWORD), ("old", PASSWORD)):
        with pytest.raises(WrongPassword) as refused:
            enter(house, name, password)
        said.add((refused.value.message, str(refused.value.details)))
    assert said == {("Invalid username or password", "{}")}
    assert ("nobody", "sign in failed", "grace") in noted(house)


@pytest.mark.parametrize("published", ["admin123", "changeme123"])
def test_what_founding_installations_have_in_common_opens_nothing(
    house: House, grace: Person, published: str
) -> None:
    kept = bcrypt.hashpw(published.encode(), bcrypt.gensalt(4)).decode()
    house.store.people.rehash(grace.id, kept)
    with pytest.raises(WrongPassword):
        enter(house, password=published)


def test_an_unknown_name_takes_as_long_as_a_wrong_password(
    house: House, grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", LONG)
    old = bcrypt.hashpw(b"x", bcrypt.gensalt(12)).decode()
    house.store.people.rehash(house.accounts.add("bea", "user", "test")[0].id, old)
    best = dict.fromkeys(("grace", "bea", "nobody"), math.inf)
    for _ in range(25):  # others may share the processor
        for name in best:
            began = time.process_time()
            with pytest.raises(WrongPassword):
                enter(house, name, "wrong")
            best[name] = min(best[name], time.process_time() - began)
        if max(best.values()) < 1.5 * min(best.values()):
            return
    pytest.fail(f"the time tells which names there are: {best}")


@pytest.mark.parametrize("name", ["grace", "nobody"])
def test_an_account_waits_after_five_wrong_passwords(
    house: House, grace: Person, name: str
) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            enter(house, name, "wrong")
    with pytest.raises(SignInLocked) as locked:
        enter(house, name, PASSWORD)
    assert 0 < int(str(locked.value.details["retry_after"])) <= 15 * MINUTE
    assert [entry for entry in noted(house) if entry[1] == "sign in locked"] == [
        ("nobody", "sign in locked", name)
    ]
    house.accounts.add("charles", "user", "test", password=PASSWORD)
    assert enter(house, "charles")


def test_a_right_password_takes_the_wrong_ones_back(house: House, grace: Person) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongPassword):
                enter(house, password="wrong")
        assert enter(house)


def test_an_address_waits_whatever_names_it_tries(house: House, grace: Person) -> None:
    for number in range(20):
        with pytest.raises(WrongPassword):
            enter(house, f"name{number}", "wrong")
    with pytest.raises(SignInLocked):
        enter(house)
    elsewhere = replace(HERE, ip="192.0.2.2")
    assert house.logins.sign_in("grace", PASSWORD, elsewhere)


def test_staff_are_out_after_half_an_hour_of_nothing(house: House, grace: Person) -> None:
    token = enter(house)
    for _ in range(3):
        house.clock.pass_seconds(29 * MINUTE)
        known(house, token)
    house.clock.pass_seconds(31 * MINUTE)
    assert house.logins.signed_in(token) is None


def test_nobody_stays_in_for_more_than_twelve_hours(house: House, grace: Person) -> None:
    house.accounts.add("ada", "user", "test", password=PASSWORD)
    token, visitor = enter(house), enter(house, "ada")
    for _ in range(24):
        known(house, token)
        house.clock.pass_seconds(29 * MINUTE)
    known(house, visitor)
    house.clock.pass_seconds(30 * MINUTE)
    assert house.logins.signed_in(token) is None
    assert house.logins.signed_in(visitor) is None


def test_signing_out_ends_one_sign_in(house: House, grace: Person) -> None:
    here, there = enter(house), enter(house)
    house.logins.sign_out(known(house, here))
    assert house.logins.signed_in(here) is None
    known(house, there)


def test_one_sees_and_revokes_ones_own(house: House, grace: Person) -> None:
    here, there = known(house, enter(house)), known(house, enter(house))
    assert {login.id for login in house.logins.of_person(grace)} == {here.login.id, there.login.id}
    house.logins.revoke(grace, there.login.id, grace.actor)
    assert [login.id for login in house.logins.of_person(grace)] == [here.login.id]
    stranger = house.accounts.add("ada", "user", "test", password=PASSWORD)[0]
    with pytest.raises(LoginNotFound):
        house.logins.revoke(stranger, here.login.id, stranger.actor)


def test_everywhere_is_everywhere(house: House, grace: Person) -> None:
    tokens = [enter(house) for _ in range(3)]
    kept = known(house, tokens[0])
    assert house.logins.end_all(grace, grace.actor, kept=kept.login.id) == 2
    assert [house.logins.signed_in(token) is not None for token in tokens] == [True, False, False]
    assert ("user grace", "sign out everywhere", "grace") in noted(house)


def test_a_form_token_belongs_to_one_sign_in(house: House, grace: Person) -> None:
    here, there = known(house, enter(house)), known(house, enter(house))
    assert here.csrf != there.csrf
    assert signing.form_token("x") == signing.form_token("x")
