"""Agents and keys as a browser without JavaScript administers them."""

import re
from collections.abc import Callable

import pytest

from chat_bridge.errors import InvalidKey
from chat_bridge.model import NewMessage
from tests.builders import ADAS_CHAT, House
from tests.control.console.clerk import Clerk, actions, shown_secret, words

PAGES = ("/admin/users", "/admin/users/new", "/admin/users/1", "/admin/agents", "/admin/agents/new",
         "/admin/agents/default", "/admin/keys", "/admin/keys/new", "/admin/settings")  # fmt: skip
MONDAY = {"slug": "monday", "name": "Monday", "description": "Orders", "status": "active"}
FIELDS = {"name": "Orders bot", "agent": "default", "scope": "inbox", "expires": ""}
Hire = Callable[..., Clerk]


@pytest.mark.parametrize("path", PAGES)
def test_only_administrators_come_in(anton: Clerk, hire: Hire, path: str) -> None:
    assert anton.opens(path).status_code == 200
    refused = hire("olga", "operator").opens(path)
    assert (refused.status_code, "Administration" in refused.text) == (403, False)


@pytest.mark.parametrize(
    "path", ["/admin/users?role=king", "/admin/users?active=perhaps", "/admin/users?after=x",
             "/admin/keys?state=odd", "/admin/keys?after=-1"],
)  # fmt: skip
def test_a_wrong_parameter_is_told(anton: Clerk, path: str) -> None:
    found = anton.opens(path)
    assert (found.status_code, "is not valid" in found.text) == (400, True)


@pytest.mark.parametrize(
    "path", ["/admin/users/99", "/admin/agents/nobody", "/admin/keys/sk_nobody",
             "/admin/settings/undo/99"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(anton: Clerk, path: str) -> None:
    assert anton.opens(path).status_code == 404


class TestAgents:
    HOME = "/admin/agents"

    def test_one_is_made_changed_and_removed(self, anton: Clerk, house: House) -> None:
        made = anton.does(f"{self.HOME}/new", self.HOME, **MONDAY, role="operator")
        assert made.location == f"{self.HOME}/monday"
        page = made.location
        agent = house.agents.resolve("monday")
        assert (agent.name, agent.visible_to_roles) == ("Monday", ("operator",))
        fields = {"name": "Monday", "description": "Orders", "status": "inactive", "users": "anton"}
        assert anton.does(page, page, **fields).status_code == 303
        agent = house.agents.resolve("monday")
        assert (agent.status, agent.visible_to_users, agent.visible_to_roles) == (
            "inactive", ("anton",), (),
        )  # fmt: skip
        secret = house.keys.create("hers", frozenset({"inbox"}), agent_id=agent.id)
        anton.does(page, f"{page}/remove")
        assert anton.opens(page).status_code == 404
        with pytest.raises(InvalidKey):
            house.keys.authenticate(secret)
        assert actions(house) == [
            "agent add", "agent change", "agent change", "agent change", "key revoke",
            "agent remove",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("fields", "told"),
        [({"slug": "Two Words"}, "a letter, then letters"), ({"slug": "42"}, "a letter, then"),
         ({"slug": "default"}, "already an agent"), ({"name": " "}, "1 to 100 characters"),
         ({"status": "sleepy"}, "active or inactive"), ({"users": "zoe"}, "nobody called “zoe”"),
         ({"description": "x" * 1_001}, "at most 1,000"), ({"role": "king"}, "not a role")],
    )  # fmt: skip
    def test_what_cannot_be_is_told_beside_what_was_written(
        self, anton: Clerk, house: House, fields: dict[str, str], told: str
    ) -> None:
        answer = anton.does(f"{self.HOME}/new", self.HOME, **{**MONDAY, **fields})
        assert answer.status_code in (400, 409)
        assert told in answer.text
        assert "Orders" in answer.text or "description" in fields
        assert len(house.agents.all()) == 2

    def test_a_stale_edit_is_shown_and_not_saved(self, anton: Clerk, house: House) -> None:
        page = f"{self.HOME}/default"
        stale = anton.form(page, page)
        anton.does(page, page, name="Ada", description="", status="active")
        answer = anton.sends(page, stale, name="Bob", description="", status="active")
        assert answer.status_code == 409
        assert "name “Ada”" in words(answer)
        assert 'value="Bob"' in answer.text
        assert house.agents.resolve("default").name == "Ada"

    def test_those_of_the_bridge_and_with_history_stay(self, anton: Clerk, house: House) -> None:
        anton.does(f"{self.HOME}/new", self.HOME, **MONDAY)
        form = anton.form(f"{self.HOME}/monday", f"{self.HOME}/monday/remove")
        for slug in ("sheets", "default"):
            assert "Remove" not in words(anton.opens(f"{self.HOME}/{slug}"))
            assert anton.sends(f"{self.HOME}/{slug}/remove", form).status_code == 409
        house.post(NewMessage(ADAS_CHAT, "Hello", agent="monday"))
        answer = anton.sends(f"{self.HOME}/monday/remove", form)
        assert (answer.status_code, "has conversations" in answer.text) == (409, True)

    def test_lag_and_counts_are_shown(self, anton: Clerk, house: House) -> None:
        house.say("one")
        house.clock.pass_seconds(120)
        house.say("two")
        house.poll(house.key(), limit=1)
        work = house.administration.roster.work()[house.agents.resolve("default").id]
        assert (work.waiting + work.held, work.lately) == (2, 2)
        house.say("/search city=Berlin")
        assert house.administration.roster.work()[house.agents.resolve("sheets").id].waiting == 1
        assert re.search(r"Lag \d+ s Waiting 1 In work 1", words(anton.opens(self.HOME)))

    def test_deliveries_of_a_day_are_counted(self, anton: Clerk, house: House) -> None:
        key = house.key()
        (once, again, _) = [house.say(text).message.id for text in ("one", "two", "three")]
        house.poll(key, limit=1)
        house.inbox.acknowledge(key, [once])
        for _ in range(2):
            house.poll(key, limit=1)
            house.inbox.give_back(key, [again], delay_seconds=0, reason="busy")
        work = house.administration.roster.work()[house.agents.resolve("default").id]
        assert (work.deliveries, work.redeliveries, work.done) == (3, 1, 1)
        assert "Delivered 3 Again 1 Done 1" in words(anton.opens(self.HOME))
        house.clock.pass_seconds(86_401)
        work = house.administration.roster.work()[house.agents.resolve("default").id]
        assert (work.deliveries, work.redeliveries, work.done) == (0, 0, 0)


class TestKeys:
    HOME = "/admin/keys"

    def make(self, anton: Clerk, **fields: str) -> str:
        answer = anton.does(f"{self.HOME}/new", self.HOME, **{**FIELDS, **fields})
        assert answer.status_code == 200, words(answer)
        return shown_secret(answer.text)

    def test_one_is_made_and_shown_once(self, anton: Clerk, house: House) -> None:
        form = anton.form(f"{self.HOME}/new", self.HOME)
        first = anton.sends(
            self.HOME,
            form,
            **FIELDS,
        )
        secret = shown_secret(first.text)
        key = house.keys.authenticate(secret)
        assert (key.name, key.scopes) == ("Orders bot", frozenset({"inbox"}))
        assert house.agents.by_id(key.agent_id).slug == "default"
        assert f"Agent(&#34;http://localhost&#34;, &#34;{secret}&#34;" in first.text
        assert secret not in str(first.headers)
        again = anton.sends(self.HOME, form, **FIELDS)
        assert (again.status_code, again.location) == (303, f"{self.HOME}/{key.prefix}")
        for answer in (again, anton.opens(self.HOME), anton.opens(again.location)):
            assert secret not in answer.text + str(answer.headers)
        assert secret not in "".join(str(vars(entry)) for entry in house.audit.entries())
        assert secret.encode() not in (house.folder / "bridge.db-wal").read_bytes()

    def test_it_works_through_its_last_day(self, anton: Clerk, house: House) -> None:
        today = house.clock.now()[:10]
        key = house.keys.authenticate(self.make(anton, expires=today))
        assert key.expires_at is not None
        assert key.expires_at > house.clock.now()

    @pytest.mark.parametrize(
        ("fields", "told"),
        [({"name": " "}, "1 to 100"), ({"scope": "everything"}, "choose at least one"),
         ({"scope": ""}, "choose at least one"), ({"agent": "zoe"}, "There is no agent"),
         ({"expires": "2001-01-01"}, "a day to come"), ({"expires": "soon"}, "a day to come")],
    )  # fmt: skip
    def test_what_cannot_be_is_told(
        self, anton: Clerk, house: House, fields: dict[str, str], told: str
    ) -> None:
        answer = anton.does(f"{self.HOME}/new", self.HOME, **{**FIELDS, **fields})
        assert (answer.status_code in (400, 404), told in answer.text) == (True, True)
        assert "Orders bot" in answer.text or "name" in fields
        assert house.store.keys.all() == []

    def test_rotation_overlaps(self, anton: Clerk, hire: Hire, house: House) -> None:
        old = self.make(anton)
        page = f"{self.HOME}/{old[:11]}"
        form = anton.form(page, f"{page}/rotate")
        answer = anton.sends(f"{page}/rotate", form, hours="2")
        new = shown_secret(answer.text)
        for secret in (old, new):
            assert house.keys.authenticate(secret).agent_id is not None
        again = anton.sends(f"{page}/rotate", form, hours="2")
        assert (again.status_code, again.location) == (303, f"{self.HOME}/{new[:11]}")
        house.clock.pass_seconds(2 * 3_600 + 1)
        with pytest.raises(InvalidKey):
            house.keys.authenticate(old)
        assert house.keys.authenticate(new)
        berta = hire("berta", "admin")
        assert "expired" in words(berta.opens(page))
        for hours in ("-1", "many", "9999", ""):
            page = f"{self.HOME}/{new[:11]}"
            refused = berta.does(page, f"{page}/rotate", hours=hours)
            assert (refused.status_code, "from 0 to 8,760" in refused.text) == (400, True)

    def test_a_revoked_key_opens_nothing(self, anton: Clerk, house: House) -> None:
        secret = self.make(anton)
        page = f"{self.HOME}/{secret[:11]}"
        form = anton.form(page, f"{page}/revoke")
        for _ in range(2):
            assert anton.sends(f"{page}/revoke", form).status_code == 303
        with pytest.raises(InvalidKey):
            house.keys.authenticate(secret)
        assert "Rotate" not in words(anton.opens(page))
        assert actions(house) == ["key new", "key revoke"]

    def test_a_key_of_the_settings_is_rotated_there(self, anton: Clerk, house: House) -> None:
        house.keys.configure("admin", "a-key-of-the-settings", frozenset({"admin"}))
        (key,) = house.store.keys.all()
        page = f"{self.HOME}/{key.prefix}"
        assert "given by the settings" in words(anton.opens(page))
        form = anton.form(page, f"{page}/revoke")
        assert anton.sends(f"{page}/rotate", form, hours="1").status_code == 409

    def test_are_listed_by_state_and_agent(self, anton: Clerk, house: House) -> None:
        self.make(anton, name="Old bot")
        house.keys.revoke(house.store.keys.all()[0].prefix)
        self.make(anton, name="New bot", agent="")
        for query, shown in (("state=live", "New bot"), ("agent=default", "Old bot"),
                             ("state=revoked", "Old bot")):  # fmt: skip
            page = words(anton.opens(f"{self.HOME}?{query}"))
            assert [name for name in ("Old bot", "New bot") if name in page] == [shown]
