"""People and agents in a database that a founding control program goes on using: what this program
writes is a row that the other one made."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import bcrypt
import pytest

from chat_bridge.errors import InvalidField
from chat_bridge.model import NewMessage, Person, Visitor
from chat_bridge.ports import AgentChange
from chat_bridge.store.migrate import migrate
from tests import founding
from tests.builders import ADAS_CHAT, MIGRATIONS, House, new_house

VARIANTS = ("control", "control-dev", "people alone", "seed")
SHARED = ("control", "control-dev")
"""Those whose users have an e-mail that may not be NULL and columns without a default."""


@pytest.fixture
def adopted(tmp_path: Path) -> Callable[[str], House]:
    def open_it(variant: str) -> House:
        migrate(founding.make(tmp_path / "bridge.db", founding.VARIANTS[variant]), MIGRATIONS)
        return new_house(tmp_path)

    return open_it


def theirs(house: House, sql: str, *values: Any) -> dict[str, Any]:
    """A row as the other program reads it."""
    with closing(sqlite3.connect(house.folder / "bridge.db")) as connection:
        connection.row_factory = sqlite3.Row
        return dict(connection.execute(sql, values).fetchone())


def user(house: House, person: Person) -> dict[str, Any]:
    return theirs(house, "SELECT * FROM users WHERE id = ?", person.id)


def readable(moment: str) -> bool:
    """As SQLAlchemy reads a DATETIME of SQLite: a blank in the middle, no zone."""
    return re.fullmatch(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", moment) is not None


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_new_person_is_a_row_of_theirs(adopted: Callable[[str], House], variant: str) -> None:
    house = adopted(variant)
    accounts = house.accounts
    grace, secret = accounts.add("grace", "operator", "terminal")
    row = user(house, grace)
    assert (row["is_active"], row["failed_login_attempts"]) == (1, 0)
    assert (row["permissions"], row["role"]) == ("[]", "operator")
    assert readable(row["created_at"])
    assert readable(row["updated_at"])
    assert grace.email is None
    assert grace.is_active
    entered, _ = accounts.logins.sign_in("grace", secret, Visitor())
    assert readable(user(house, entered)["last_login"])
    accounts.logins.store.people.failed(grace.id)
    assert user(house, grace)["failed_login_attempts"] == 1


@pytest.mark.parametrize("variant", SHARED)
def test_where_an_address_is_needed_one_is_made_up(
    adopted: Callable[[str], House], variant: str
) -> None:
    house = adopted(variant)
    accounts = house.accounts
    grace, _ = accounts.add("grace", "user", "terminal")
    assert user(house, grace)["email"] == "grace@users.invalid"
    renamed = accounts.change(grace.id, {"username": "hopper"}, "terminal")
    assert (renamed.email, user(house, grace)["email"]) == (None, "hopper@users.invalid")
    accounts.add("grace", "user", "terminal")
    real = accounts.change(grace.id, {"email": "grace@example.org"}, "terminal")
    assert real.email == user(house, grace)["email"] == "grace@example.org"
    accounts.change(grace.id, {"email": None}, "terminal")
    assert user(house, grace)["email"] == "hopper@users.invalid"
    with pytest.raises(InvalidField):
        accounts.add("ada", "user", "terminal", email="charles@users.invalid")


@pytest.mark.parametrize("variant", SHARED)
def test_what_is_saved_stays_readable(adopted: Callable[[str], House], variant: str) -> None:
    house = adopted(variant)
    accounts = house.accounts
    admin = accounts.named("admin")
    changed = accounts.change(
        admin.id, {"permissions": ("read",)}, "terminal", seen=admin.updated_at
    )
    assert readable(user(house, changed)["updated_at"])
    accounts.reset_password(admin.id, "terminal")
    assert readable(user(house, changed)["updated_at"])
    accounts.add("grace", "admin", "terminal")
    accounts.deactivate(admin.id, "terminal")
    assert user(house, admin)["is_active"] == 0


def test_their_row_that_lacks_almost_everything(adopted: Callable[[str], House]) -> None:
    """What its mapper would have filled in and a script has not."""
    house = adopted("control")
    accounts = house.accounts
    mary = accounts.named("mary")
    assert (mary.is_active, mary.failed_sign_ins, mary.updated_at) == (False, 0, "")
    accounts.logins.store.people.failed(mary.id)
    assert accounts.named("mary").failed_sign_ins == 1
    woken = accounts.change(mary.id, {"is_active": True}, "terminal", seen="")
    assert woken.is_active


def test_an_agent_that_is_saved_stays_readable(adopted: Callable[[str], House]) -> None:
    house = adopted("control")
    change = AgentChange("Athena", "Wise", "inactive", ("1",), ("admin",))
    house.agents.change(1, change)
    row = theirs(house, "SELECT * FROM agents WHERE id = 1")
    assert readable(row["updated_at"])
    assert (row["letta_uid"], row["visible_to_roles"]) == ("agent-uid-1", '["admin"]')


def test_who_is_active_is_what_either_program_says(adopted: Callable[[str], House]) -> None:
    house = adopted("control")
    shown = {agent.name: agent.active for agent in house.agents.now()}
    assert shown == {"Sheets": True, "Assistant": True, "Athena": True, "Monday": True}
    called = {agent.name: agent.letta_uid for agent in house.agents.now()}
    assert (called["Athena"], called["Monday"]) == ("agent-uid-1", "agent-uid-2")
    with closing(sqlite3.connect(house.folder / "bridge.db")) as connection, connection:
        connection.execute("UPDATE agents SET is_active = 0 WHERE name = 'Athena'")
    assert [agent.name for agent in house.agents.now() if not agent.active] == ["Athena"]
    house.agents.change(1, AgentChange("Athena", "", "active", (), ()))
    house.agents.change(2, AgentChange("Monday", "", "inactive", (), ()))
    kept = [theirs(house, "SELECT is_active FROM agents WHERE id = ?", n) for n in (1, 2, 3)]
    assert kept == [{"is_active": 1}, {"is_active": 0}, {"is_active": 0}]
    assert [agent.name for agent in house.agents.now() if not agent.active] == ["Monday"]


def test_a_new_agent_is_a_row_of_theirs(adopted: Callable[[str], House]) -> None:
    house = adopted("control")
    with house.store.write():
        new = AgentChange("Timbre", "", "active", (), ())
        number = house.store.agents.add("timbre", new, now=house.clock.now())
    row = theirs(house, "SELECT * FROM agents WHERE id = ?", number)
    assert row["letta_uid"]
    assert readable(row["created_at"])
    assert readable(row["updated_at"])
    assert house.agents.resolve("timbre").name == "Timbre"


def test_agents_with_ids_of_text(adopted: Callable[[str], House]) -> None:
    """Their table stays as it is and ours lies beside it, with their agents by the ids they had."""
    house = adopted("control-dev")
    found = {agent.slug: agent for agent in house.agents.all()}
    assert set(found) == {"sheets", "default", "iris", "monday"}
    iris, monday = found["iris"], found["monday"]
    assert (iris.name, iris.description, iris.status) == ("Iris", "Sees far", "active")
    assert (iris.visible_to_roles, monday.visible_to_roles) == ((), ("admin",))
    house.post(NewMessage(ADAS_CHAT, "Hello", agent="iris"))
    assert [d.agent for d in house.poll(house.key("Charles", "iris")).deliveries] == ["iris"]
    assert theirs(house, "SELECT COUNT(*) AS n FROM agents") == {"n": 3}


def test_bcrypt_of_theirs_stays_theirs(adopted: Callable[[str], House]) -> None:
    house = adopted("control")
    kept = bcrypt.hashpw(b"blue horses", bcrypt.gensalt(4)).decode()
    with closing(sqlite3.connect(house.folder / "bridge.db")) as connection, connection:
        connection.execute("UPDATE users SET password_hash = ? WHERE id = 1", (kept,))
    accounts = house.accounts
    assert accounts.logins.sign_in("admin", "blue horses", Visitor())[0].role == "admin"
    assert user(house, accounts.named("admin"))["password_hash"] == kept
