"""Accounts are made, changed and closed; there is always an administrator left."""

from typing import Any

import pytest

from chat_bridge.domain.first_start import first_start
from chat_bridge.errors import (
    InvalidField,
    LastAdmin,
    SignInLocked,
    StaleEdit,
    UserExists,
    UserNotFound,
    WeakPassword,
    WrongPassword,
    WrongSetupCode,
)
from chat_bridge.model import Person, SignedIn, Visitor
from chat_bridge.ports import Wanted
from tests.builders import House

PASSWORD, OTHER = "blue horses at dawn", "red tractors at noon"
HERE = Visitor(ip="192.0.2.1")


@pytest.fixture
def admin(house: House) -> Person:
    return house.accounts.add("admin", "admin", "test", password=PASSWORD)[0]


def signed_in(house: House, name: str, password: str = PASSWORD) -> SignedIn:
    found = house.logins.signed_in(house.logins.sign_in(name, password, HERE)[1])
    assert found is not None
    return found


def changes(house: House) -> list[tuple[str, str, str | None, str | None]]:
    return [(e.action, e.subject, e.before, e.after) for e in house.audit.entries()]


def code(house: House) -> str:
    first = first_start(house.store, house.clock, house.keys, configured={}, published=())
    assert first.setup_code is not None
    return first.setup_code


class TestAdding:
    def test_a_password_made_up_here_must_be_changed(self, house: House) -> None:
        person, secret = house.accounts.add("ada", "user", "user admin", email="ada@example.org")
        assert (person.role, person.email, person.must_change_password) == (
            "user", "ada@example.org", True,
        )  # fmt: skip
        assert signed_in(house, "ada", secret).person.must_change_password
        assert ("user add", "ada", None, "user") in changes(house)

    @pytest.mark.parametrize("name", ["", "with space", "x" * 51, "<b>", "a\nb"])
    def test_a_name_has_a_form(self, house: House, name: str) -> None:
        with pytest.raises(InvalidField):
            house.accounts.add(name, "user", "test")

    @pytest.mark.parametrize(("role", "email"), [("king", None), ("user", "no address")])
    def test_so_do_roles_and_addresses(self, house: House, role: str, email: str | None) -> None:
        with pytest.raises(InvalidField):
            house.accounts.add("ada", role, "test", email=email)

    def test_names_and_addresses_are_taken_once(self, house: House) -> None:
        house.accounts.add("ada", "user", "test", email="ada@example.org")
        with pytest.raises(UserExists):
            house.accounts.add("ADA", "user", "test")
        with pytest.raises(UserExists):
            house.accounts.add("bea", "user", "test", email="Ada@Example.org")

    def test_a_weak_password_makes_no_account(self, house: House) -> None:
        with pytest.raises(WeakPassword):
            house.accounts.add("ada", "user", "test", password="password")
        with pytest.raises(UserNotFound):
            house.accounts.named("ada")


class TestChanging:
    def test_a_new_role_signs_out_and_is_written_down(self, house: House, admin: Person) -> None:
        ada = house.accounts.add("ada", "user", "test", password=PASSWORD)[0]
        token = house.logins.sign_in("ada", PASSWORD, HERE)[1]
        assert house.accounts.change(ada.id, {"role": "viewer"}, "user admin").role == "viewer"
        assert house.logins.signed_in(token) is None
        assert ("user change", "ada: role", "user", "viewer") in changes(house)

    def test_a_closed_account_is_out_and_stays_out(self, house: House, admin: Person) -> None:
        ada = house.accounts.add("ada", "user", "test", password=PASSWORD)[0]
        token = house.logins.sign_in("ada", PASSWORD, HERE)[1]
        assert not house.accounts.deactivate(ada.id, "user admin").is_active
        assert house.logins.signed_in(token) is None
        with pytest.raises(WrongPassword):
            house.logins.sign_in("ada", PASSWORD, HERE)

    def test_the_last_administrator_stays(self, house: House, admin: Person) -> None:
        for change in ({"role": "operator"}, {"is_active": False}):
            with pytest.raises(LastAdmin):
                house.accounts.change(admin.id, change, "user admin")
        second = house.accounts.add("bea", "admin", "test")[0]
        house.accounts.deactivate(second.id, "test")
        with pytest.raises(LastAdmin):
            house.accounts.deactivate(admin.id, "user admin")
        house.accounts.change(second.id, {"is_active": True}, "test")
        assert not house.accounts.deactivate(admin.id, "user bea").is_active

    def test_what_somebody_else_saved_is_not_overwritten(self, house: House) -> None:
        shown = house.accounts.add("ada", "user", "test")[0]
        house.clock.pass_seconds(1)
        house.accounts.change(shown.id, {"email": "a@example.org"}, "test", seen=shown.updated_at)
        with pytest.raises(StaleEdit):
            house.accounts.change(shown.id, {"role": "viewer"}, "test", seen=shown.updated_at)
        assert house.accounts.find(shown.id).role == "user"

    def test_permissions_survive_other_changes(self, house: House) -> None:
        ada = house.accounts.add("ada", "user", "test")[0]
        house.accounts.change(ada.id, {"permissions": ("read", "export")}, "test")
        assert house.accounts.change(ada.id, {"role": "viewer"}, "test").permissions == (
            "read", "export",
        )  # fmt: skip

    def test_nobody_can_be_changed(self, house: House) -> None:
        with pytest.raises(UserNotFound):
            house.accounts.change(99, {"role": "user"}, "test")


class TestListing:
    def test_by_search_role_state_and_page(self, house: House) -> None:
        for name, role in (("ada", "user"), ("bea", "viewer"), ("charles", "user")):
            house.accounts.add(name, role, "test", email=f"{name}@example.org")
        house.accounts.deactivate(house.accounts.named("charles").id, "test")

        def names(**wanted: Any) -> list[str]:
            return [p.username for p in house.accounts.list(Wanted(**wanted))]

        assert names() == ["ada", "bea", "charles"]
        assert names(search="EA@") == ["bea"]
        assert names(role="user") == ["ada", "charles"]
        assert names(active=True) == ["ada", "bea"]
        assert names(after=house.accounts.named("ada").id, limit=1) == ["bea"]


class TestPasswords:
    def test_a_reset_signs_out_and_asks_for_a_new_one(self, house: House, admin: Person) -> None:
        token = house.logins.sign_in("admin", PASSWORD, HERE)[1]
        secret = house.accounts.reset_password(admin.id, "terminal")
        assert house.logins.signed_in(token) is None
        with pytest.raises(WrongPassword):
            house.logins.sign_in("admin", PASSWORD, HERE)
        me = signed_in(house, "admin", secret)
        assert me.person.must_change_password
        house.accounts.change_own_password(me, secret, OTHER, HERE)
        assert not house.accounts.find(admin.id).must_change_password
        assert ("password reset", "admin", None, None) in changes(house)

    def test_ones_own_change_keeps_this_browser_only(self, house: House, admin: Person) -> None:
        here, there = signed_in(house, "admin"), signed_in(house, "admin")
        house.accounts.change_own_password(here, PASSWORD, OTHER, HERE)
        assert [login.id for login in house.logins.of_person(admin)] == [here.login.id]
        assert there.login.id != here.login.id
        assert signed_in(house, "admin", OTHER)
        assert ("password change", "admin", None, None) in changes(house)

    def test_the_old_one_is_asked_for_and_counted(self, house: House, admin: Person) -> None:
        me = signed_in(house, "admin")
        for _ in range(5):
            with pytest.raises(WrongPassword):
                house.accounts.change_own_password(me, "wrong", OTHER, HERE)
        with pytest.raises(SignInLocked):
            house.accounts.change_own_password(me, PASSWORD, OTHER, HERE)

    def test_the_new_one_is_new_and_strong(self, house: House, admin: Person) -> None:
        me = signed_in(house, "admin")
        with pytest.raises(InvalidField):
            house.accounts.change_own_password(me, PASSWORD, PASSWORD, HERE)
        with pytest.raises(WeakPassword):
            house.accounts.change_own_password(me, PASSWORD, "password", HERE)


class TestSetUp:
    def test_the_code_makes_one_administrator(self, house: House) -> None:
        shown = code(house)
        person, token = house.accounts.set_up(shown.replace("-", " "), "grace", PASSWORD, HERE)
        assert (person.role, house.logins.signed_in(token) is not None) == ("admin", True)
        with pytest.raises(WrongSetupCode):
            house.accounts.set_up(shown, "mallory", PASSWORD, HERE)
        assert ("user add", "grace", None, "admin") in changes(house)
        assert shown not in str(changes(house))

    @pytest.mark.parametrize("wrong", ["", "0000-0000-0000-0000", "-", "é" * 16])
    def test_another_code_makes_none(self, house: House, wrong: str) -> None:
        code(house)
        with pytest.raises(WrongSetupCode):
            house.accounts.set_up(wrong, "mallory", PASSWORD, HERE)

    def test_it_ends_after_a_quarter_of_an_hour(self, house: House) -> None:
        shown = code(house)
        house.clock.pass_seconds(15 * 60 + 1)
        with pytest.raises(WrongSetupCode):
            house.accounts.set_up(shown, "grace", PASSWORD, HERE)

    def test_without_a_start_there_is_no_code(self, house: House) -> None:
        with pytest.raises(WrongSetupCode):
            house.accounts.set_up("", "mallory", PASSWORD, HERE)

    def test_a_weak_password_does_not_use_it_up(self, house: House) -> None:
        shown = code(house)
        with pytest.raises(WeakPassword):
            house.accounts.set_up(shown, "grace", "password", HERE)
        assert house.accounts.set_up(shown, "grace", PASSWORD, HERE)
