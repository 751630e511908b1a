"""Install, back up, upgrade, look, go back, restore: the commands of `docs/deploy.md` one after the
other, on a database that an older release or another program has made."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chat_bridge.store.migrate import known, migrate
from tests import founding
from tests.builders import MIGRATIONS
from tests.deploy.machine import Machine, blocks
from tests.deploy.other_program import reads_and_writes_chat, reads_and_writes_settings
from tests.faults.account import rows
from tests.patience import await_true
from tests.wire import caller

ADA = "session_ada"
NEWEST = known(MIGRATIONS)[-1][0]


def two_releases_ago(path: Path) -> None:
    """With a conversation of that time."""
    folder = path.parent / "migrations" / "sqlite"
    folder.mkdir(parents=True)
    for version, script in known(MIGRATIONS):
        if version <= NEWEST - 2:
            shutil.copy(script, folder)
    assert migrate(path, folder) == NEWEST - 2
    shutil.rmtree(folder.parent)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(founding.OPENS["control"], (ADA,))
        connection.execute(founding.SAYS["control"], (ADA, "First"))


def of_another_program(path: Path) -> None:
    founding.make(path, founding.CONTROL)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path / "machine")
    yield made
    made.carry_out("systemctl stop chat-bridge.service")


def said(machine: Machine) -> set[str]:
    query = "SELECT message FROM web_chat_messages WHERE session_id = ?"
    return {text for (text,) in rows(machine.data, query, ADA)}


def say(machine: Machine, text: str) -> None:
    assert caller.visitor(machine.bridge).say(ADA, text).status == 200


def version(machine: Machine) -> int:
    ((found,),) = rows(machine.data, "SELECT MAX(version) FROM bridge_migrations")
    return int(found)


@pytest.mark.parametrize("made", [two_releases_ago, of_another_program])
@pytest.mark.timeout(400)
def test_upgrade_and_the_way_back(machine: Machine, made: Callable[[Path], None]) -> None:
    install = "\n".join(line for line in blocks("Install")[0].splitlines() if "/opt/" in line)
    backup, restore = blocks("Backup and restore")
    upgrade, back = blocks("Upgrade and rollback")
    look = upgrade.splitlines()[-1]
    machine.data.mkdir(parents=True, mode=0o700)
    made(machine.data / "bridge.db")

    machine.carry_out(f"{install}\nsystemctl start chat-bridge.service\n{look}")
    assert (version(machine), "First" in said(machine)) == (NEWEST, True)
    say(machine, "Before")
    machine.carry_out(backup)

    machine.carry_out(upgrade)
    assert version(machine) == NEWEST + 1
    say(machine, "With the next release")
    assert {"First", "Before", "With the next release"} <= said(machine)

    machine.carry_out(back)
    await_true(lambda: "was written by a newer Chat Bridge" in machine.journal)
    machine.carry_out(restore.replace("today", "before-2") + look)
    assert version(machine) == NEWEST
    assert "Before" in said(machine)
    assert "With the next release" not in said(machine)
    say(machine, "After")
    the_other_program_goes_on(machine, made)


def the_other_program_goes_on(machine: Machine, made: Callable[[Path], None]) -> None:
    database = machine.data / "bridge.db"
    texts = reads_and_writes_chat(database, ADA, "From the other program")
    assert {"First", "Before", "After"} <= set(texts)
    agent = caller.agent(machine.bridge)
    arrived: set[str] = set()

    def all_there() -> bool:
        arrived.update(m["message"] for m in agent.get("inbox", wait=1).data["messages"])
        return {"After", "From the other program"} <= arrived

    await_true(all_there)
    if made is of_another_program:
        known_names = reads_and_writes_settings(database, "session_timeout", "7200")
        assert {"admin", "mary", "user_7200", "Athena", "Agent 7200"} <= known_names
        admin = caller.admin(machine.bridge)
        await_true(lambda: "7200" in admin.get("config").body.decode())
