"""/admin/users as a browser without JavaScript uses it."""

from collections.abc import Callable

import pytest

from chat_bridge.errors import WrongPassword
from chat_bridge.model import Visitor
from chat_bridge.ports import Wanted
from tests.builders import House
from tests.control.console.clerk import Clerk, actions, shown_secret, words

HOSTILE = "<script>alert(1)</script>"
Hire = Callable[..., Clerk]


class TestUsers:
    HOME = "/admin/users"

    def add(self, anton: Clerk, **fields: str) -> str:
        """The page with the one-time password."""
        answer = anton.does(f"{self.HOME}/new", self.HOME, **fields)
        assert answer.status_code == 200, words(answer)
        return answer.text

    def test_somebody_is_added_with_a_password_shown_once(self, anton: Clerk, house: House) -> None:
        form = anton.form(f"{self.HOME}/new", self.HOME)
        fields = {"username": "mary", "email": "", "role": "operator"}
        first = anton.sends(self.HOME, form, **fields)
        secret = shown_secret(first.text)
        person, _ = house.logins.sign_in("mary", secret, Visitor())
        assert (person.role, person.must_change_password) == ("operator", True)
        again = anton.sends(self.HOME, form, **fields)
        assert (again.status_code, again.location) == (303, f"{self.HOME}/{person.id}")
        for answer in (again, anton.opens(self.HOME), anton.opens(again.location)):
            assert secret not in answer.text + str(answer.headers)
        told = [str(vars(entry)) for entry in house.audit.entries()]
        assert secret not in "".join(told)
        assert len(house.accounts.list(Wanted())) == 2

    @pytest.mark.parametrize(
        ("fields", "told"),
        [({"username": "no spaces please", "role": "user"}, "1 to 50 letters"),
         ({"username": "anton", "role": "user"}, "already exists"),
         ({"username": "mary", "role": "king"}, "one of"),
         ({"username": "mary", "email": "nowhere", "role": "user"}, "not an address")],
    )  # fmt: skip
    def test_what_cannot_be_is_told_beside_what_was_written(
        self, anton: Clerk, fields: dict[str, str], told: str
    ) -> None:
        answer = anton.does(f"{self.HOME}/new", self.HOME, **fields)
        assert answer.status_code in (400, 409)
        assert told in answer.text
        assert f'value="{fields["username"]}"' in answer.text
        assert 'aria-invalid="true"' in answer.text

    def test_are_found_by_name_role_and_state(self, anton: Clerk, hire: Hire) -> None:
        mary = hire("mary", "viewer").person.id
        anton.does(f"{self.HOME}/{mary}", f"{self.HOME}/{mary}/deactivate")
        for query, found in (("q=MAR", True), ("role=viewer", True), ("active=no", True),
                             ("active=yes", False), ("q=zoe", False)):  # fmt: skip
            assert ("mary" in words(anton.opens(f"{self.HOME}?{query}"))) is found

    def test_another_role_is_saved_once_and_signs_out(
        self, anton: Clerk, hire: Hire, house: House
    ) -> None:
        mary = hire("mary", "viewer")
        page = f"{self.HOME}/{mary.person.id}"
        form = anton.form(page, page)
        wanted = {"username": "mary", "email": "mary@example.org", "role": "operator"}
        for _ in range(2):
            assert anton.sends(page, form, **wanted).status_code == 303
        assert house.accounts.find(mary.person.id).role == "operator"
        assert mary.opens("/admin/inbox").status_code == 303
        assert actions(house).count("user change") == 2

    def test_a_stale_edit_is_shown_and_not_saved(
        self, anton: Clerk, hire: Hire, house: House
    ) -> None:
        mary = hire("mary", "viewer").person.id
        page = f"{self.HOME}/{mary}"
        stale = anton.form(page, page)
        house.clock.pass_seconds(5)
        anton.does(page, page, username="mary", email="", role="user")
        answer = anton.sends(page, stale, username="mary", email="", role="admin")
        assert answer.status_code == 409
        assert "What is stored now: mary, no e-mail, user" in words(answer)
        assert '<option value="admin" selected>' in answer.text
        assert house.accounts.find(mary).role == "user"

    def test_nobody_loses_the_console_by_accident(
        self, anton: Clerk, hire: Hire, house: House
    ) -> None:
        hire("berta", "admin")
        page = f"{self.HOME}/{anton.person.id}"
        wanted = {"username": "anton", "email": "", "role": "viewer"}
        asked = anton.does(page, page, **wanted)
        assert (asked.status_code, "your own account" in asked.text) == (409, True)
        closing = anton.does(page, f"{page}/deactivate")
        assert (closing.status_code, "your own account" in closing.text) == (409, True)
        assert house.accounts.find(anton.person.id).role == "admin"
        assert anton.does(page, page, **wanted, sure="yes").status_code == 303
        assert house.accounts.find(anton.person.id).role == "viewer"

    def test_the_last_administrator_stays(self, anton: Clerk, house: House) -> None:
        page = f"{self.HOME}/{anton.person.id}"
        wanted = {"username": "anton", "email": "", "role": "user", "sure": "yes"}
        for answer in (anton.does(page, page, **wanted),
                       anton.does(page, f"{page}/deactivate", sure="yes")):  # fmt: skip
            assert (answer.status_code, "last administrator" in answer.text) == (409, True)
        assert house.accounts.find(anton.person.id).may("admin")

    def test_a_reset_password_is_shown_once(self, anton: Clerk, hire: Hire, house: House) -> None:
        mary = hire("mary", "viewer")
        page = f"{self.HOME}/{mary.person.id}"
        secret = shown_secret(anton.does(page, f"{page}/password").text)
        assert mary.opens("/admin/inbox").status_code == 303
        house.logins.sign_in("mary", secret, Visitor())
        assert actions(house)[:2] == ["password reset", "sign out everywhere"]
        own = f"{self.HOME}/{anton.person.id}"
        form = anton.form(page, f"{page}/password")
        assert anton.sends(f"{own}/password", form).status_code == 400

    def test_whoever_is_locked_out_is_let_in(self, anton: Clerk, hire: Hire, house: House) -> None:
        mary = hire("mary", "viewer").person.id
        for _ in range(5):
            with pytest.raises(WrongPassword):
                house.logins.sign_in("mary", "wrong", Visitor())
        page = f"{self.HOME}/{mary}"
        assert "5 wrong passwords" in words(anton.opens(page))
        anton.does(page, f"{page}/unlock")
        house.logins.sign_in("mary", "blue horses at dawn", Visitor())
        assert "user unlock" in actions(house)

    def test_sign_ins_are_ended_one_or_all(self, anton: Clerk, hire: Hire, house: House) -> None:
        mary = hire("mary", "viewer")
        page = f"{self.HOME}/{mary.person.id}"
        house.logins.begin(mary.person, Visitor(user_agent=HOSTILE))
        assert HOSTILE not in anton.opens(page).text
        first = house.logins.of_person(mary.person)[0]
        anton.does(page, f"{page}/sessions/{first.id}/revoke")
        assert len(house.logins.of_person(mary.person)) == 1
        anton.does(page, f"{page}/sign-out")
        assert house.logins.of_person(mary.person) == []
        assert actions(house) == ["sign-in revoke", "sign out everywhere"]

    def test_a_closed_account_is_opened_again(self, anton: Clerk, hire: Hire, house: House) -> None:
        page = f"{self.HOME}/{hire('mary', 'viewer').person.id}"
        anton.does(page, f"{page}/deactivate")
        assert "closed" in words(anton.opens(page))
        anton.does(page, f"{page}/activate")
        assert house.accounts.named("mary").is_active
