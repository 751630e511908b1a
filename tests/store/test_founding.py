"""A database that another control program made and goes on using."""

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from chat_bridge.config import ROOT
from chat_bridge.domain.items import Links
from chat_bridge.errors import ForeignDatabase
from chat_bridge.ports import AgentChange
from chat_bridge.store import connection as connections
from chat_bridge.store.migrate import migrate
from tests import founding
from tests.builders import MIGRATIONS, House, new_house
from tests.store.test_migrate import MIGRATING, newest


@pytest.fixture
def adopted(tmp_path: Path) -> Callable[[str], House]:
    def open_it(variant: str) -> House:
        path = founding.make(tmp_path / "bridge.db", founding.VARIANTS[variant])
        migrate(path, MIGRATIONS)
        return new_house(tmp_path)

    return open_it


def other(house: House) -> sqlite3.Connection:
    """The other program: plain sqlite3, no foreign keys, nothing of ours."""
    return sqlite3.connect(house.folder / "bridge.db")


def spoken(house: House, session: str) -> Sequence[Mapping[str, Any]]:
    return house.transcripts.page(house.sessions.find(session), None, 50, Links()).items


@pytest.mark.parametrize("variant", founding.VARIANTS)
def test_every_row_is_kept(tmp_path: Path, variant: str) -> None:
    path = founding.make(tmp_path / "bridge.db", founding.VARIANTS[variant])
    before = founding.contents(path)
    assert migrate(path, MIGRATIONS) == newest()
    founding.kept(before, path)
    for name, (columns, _) in before.items():
        assert founding.contents(path)[name][0][: len(columns)] == columns
    assert migrate(path, MIGRATIONS) == newest()
    founding.kept(before, path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


@pytest.mark.parametrize("variant", founding.CHATTING)
def test_its_conversations_are_ours(adopted: Callable[[str], House], variant: str) -> None:
    house = adopted(variant)
    items = spoken(house, "session_ada")
    said = [i.get("message") or i.get("response") for i in items]
    assert {"First", "Second", "Answer", "Another"} <= set(said)
    stamps = [item["timestamp"] for item in items]
    assert len(set(stamps)) == len(stamps)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", stamp) for stamp in stamps)
    key = house.key()
    waiting = [d.message.text for d in house.poll(key).deliveries]
    assert [text for text in waiting if text != "Orphan"] == ["First", "Second"]
    assert house.reply(key, "Hello").id
    assert house.sessions.find("session_ada").uid == "00000000000000ad"


@pytest.mark.parametrize("variant", founding.CHATTING)
def test_what_it_goes_on_to_write(adopted: Callable[[str], House], variant: str) -> None:
    house = adopted(variant)
    key = house.key()
    house.poll(key)
    house.say("Ours", "session_new")
    with closing(other(house)) as theirs, theirs:
        for session in ("session_ada", "session_theirs"):
            if session == "session_theirs":
                theirs.execute(founding.OPENS[variant], (session,))
            theirs.execute(founding.SAYS[variant], (session, f"To {session}"))
        theirs.execute(founding.ANSWERS[variant], ("session_theirs", "From them"))
    arrived = house.poll(new_key := house.key("Mary")).deliveries
    assert {d.message.text for d in arrived} >= {"To session_theirs", "Ours"}
    assert house.kinds("session_theirs")[:2] == ["message.created", "response.created"]
    items = spoken(house, "session_theirs")
    assert [i.get("message") or i.get("response") for i in items] == [
        "To session_theirs",
        "From them",
    ]
    house.reply(new_key, "From us", "session_theirs")
    with closing(other(house)) as theirs:
        column = "response_data" if variant in ("seed", "python") else "response"
        told = theirs.execute(
            f"SELECT {column} FROM web_chat_responses"
            " WHERE session_id = 'session_theirs' ORDER BY id"
        )
        assert [row[0] for row in told] == ["From them", "From us"]
        assert theirs.execute(
            "SELECT COUNT(*) FROM web_chat_messages WHERE message = 'Ours'"
        ).fetchone() == (1,)


@pytest.mark.parametrize("variant", ["control", "python"])
def test_what_it_marks_is_done(adopted: Callable[[str], House], variant: str) -> None:
    house = adopted(variant)
    with closing(other(house)) as theirs, theirs:
        theirs.execute("UPDATE web_chat_messages SET processed = 1 WHERE message = 'First'")
    assert [d.message.text for d in house.poll(house.key()).deliveries] == ["Second"]
    with closing(other(house)) as theirs, theirs:
        theirs.execute("UPDATE web_chat_messages SET processed = 0 WHERE message = 'Done'")
    assert [d.message.text for d in house.poll(house.key("Mary")).deliveries] == []
    house.reply(house.key("Charles"), "x")
    with closing(other(house)) as theirs:
        states = dict(theirs.execute("SELECT message, state FROM web_chat_messages"))
    assert (states["First"], states["Done"]) == ("done", "pending")


def test_a_message_without_a_session_gets_one(adopted: Callable[[str], House]) -> None:
    house = adopted("control")
    with closing(other(house)) as theirs, theirs:
        theirs.execute(founding.SAYS["control"], ("session_nobody", "Hello?"))
    key = house.key()
    assert "Hello?" in [d.message.text for d in house.poll(key).deliveries]
    assert house.reply(key, "Hello!", "session_nobody").id
    assert re.fullmatch("[0-9a-f]{16}", house.sessions.find("session_nobody").uid)


@pytest.mark.parametrize("variant", founding.CHATTING)
def test_a_conversation_can_be_erased(adopted: Callable[[str], House], variant: str) -> None:
    """Also where their foreign keys do not cascade."""
    house = adopted(variant)
    house.sessions.erase(house.sessions.find("session_ada"))
    with closing(other(house)) as theirs:
        for table in ("web_chat_sessions", "web_chat_messages", "web_chat_responses"):
            count = f"SELECT COUNT(*) FROM {table} WHERE session_id = 'session_ada'"
            assert theirs.execute(count).fetchone() == (0,)


def test_their_people_agents_and_settings_stay_theirs(adopted: Callable[[str], House]) -> None:
    house = adopted("control")
    slugs = {agent.name: agent.slug for agent in house.agents.all()}
    assert slugs == {
        "Athena": "agent-1",
        "Monday": "agent-2",
        "Sheets": "sheets",
        "Assistant": "default",
    }
    house.settings.put({"openai_api_key": "another", "greeting": "Hi"})
    with closing(other(house)) as theirs, theirs:
        row = theirs.execute(
            "SELECT id, config_value, description, updated_at FROM system_config WHERE id = 5"
        ).fetchone()
        assert row[:3] == (5, "another", "OpenAI")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row[3])  # what SQLAlchemy reads
        assert theirs.execute("SELECT name FROM agents WHERE is_active").fetchall() == [
            ("Athena",),
            ("Monday",),
        ]
        theirs.execute("INSERT INTO agents (name, letta_uid) VALUES ('Timbre', 'agent-uid-3')")
    house.agents._read_at = float("-inf")
    assert house.agents.resolve("agent-5").name == "Timbre"


def test_a_table_in_another_shape_is_left_alone(adopted: Callable[[str], House]) -> None:
    house = adopted("other tables beside")
    house.say("/help")
    with closing(other(house)) as theirs:
        assert theirs.execute("SELECT * FROM jobs").fetchall() == [("Clerk", 1200)]
        assert theirs.execute("SELECT COUNT(*) FROM chat_bridge_jobs").fetchone() == (1,)
        assert theirs.execute("SELECT COUNT(*) FROM chat_bridge_rate_limits").fetchone() == (0,)


class Stopping(sqlite3.Connection):
    left = -1

    def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:  # type: ignore[override]  # narrower on purpose
        if Stopping.left == 0:
            Stopping.left = -1
            raise KeyboardInterrupt
        Stopping.left -= 1
        return super().execute(sql, *more)


def test_interrupted_at_every_statement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was, or done; and the next start does it."""
    whole = founding.make(tmp_path / "whole.db", founding.VARIANTS["other tables beside"])
    before, number = founding.contents(whole), 0
    real = sqlite3.connect
    monkeypatch.setattr(
        connections.sqlite3, "connect", lambda *a, **k: real(*a, **{"factory": Stopping, **k})
    )
    while True:
        path = tmp_path / f"{number % 2}.db"
        for stale in tmp_path.glob(path.name + "*"):
            stale.unlink()
        shutil.copyfile(whole, path)
        Stopping.left = number
        try:
            migrate(path, MIGRATIONS)
        except KeyboardInterrupt:
            Stopping.left = -1
        else:
            break
        now = founding.contents(path)
        assert now == before or "bridge_migrations" in now
        if number % 10 == 0:
            assert migrate(path, MIGRATIONS) == newest()
            founding.kept(before, path)
        number += 1
    assert number > 80


def test_two_processes_at_once(tmp_path: Path) -> None:
    path = founding.make(tmp_path / "bridge.db", founding.VARIANTS["control"])
    before = founding.contents(path)
    command = [sys.executable, "-c", MIGRATING, str(path), str(MIGRATIONS)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate()[0].strip() for process in both] == [str(newest()).encode()] * 2
    founding.kept(before, path)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (founding.PHP, "chat-bridge import"),
        ("CREATE TABLE web_chat_messages (id INTEGER PRIMARY KEY, body TEXT)", "lacks message"),
        ("CREATE TABLE web_chat_sessions (id INTEGER PRIMARY KEY, session_id TEXT);"
         "INSERT INTO web_chat_sessions (session_id) VALUES ('a'), ('a')", "UNIQUE"),
        ("CREATE TABLE web_chat_messages (id INTEGER PRIMARY KEY, session_id TEXT, message TEXT,"
         " must TEXT NOT NULL)", "web_chat_messages.must"),
        ("CREATE TABLE web_chat_responses (id INTEGER PRIMARY KEY, session_id TEXT)", "a reply"),
    ],
)  # fmt: skip
def test_an_unknown_shape_is_refused_untouched(tmp_path: Path, script: str, said: str) -> None:
    path = founding.make(tmp_path / "bridge.db", script)
    before = founding.contents(path)
    with pytest.raises(ForeignDatabase, match=re.escape(said)) as caught:
        migrate(path, MIGRATIONS)
    assert str(path) in str(caught.value)
    assert founding.contents(path) == before


def test_the_rehearsal_leaves_nothing(adopted: Callable[[str], House]) -> None:
    house = adopted("control")
    with closing(other(house)) as theirs:
        dump = "\n".join(theirs.iterdump())
    assert "Rehearsal" not in dump.replace(
        (ROOT / "db" / "adoption" / "rehearsal.sql").read_text(), ""
    )


@pytest.mark.parametrize("said", ["", "FOREIGN KEY (session_id) REFERENCES web_chat_sessions(id)"])
def test_keys_that_point_nowhere(tmp_path: Path, said: str) -> None:
    """A reference to the number of a session, which no message can satisfy, is refused."""
    reference = said and ", " + said
    script = (
        "CREATE TABLE web_chat_sessions (id INTEGER PRIMARY KEY, session_id TEXT UNIQUE);"
        "CREATE TABLE web_chat_messages (id INTEGER PRIMARY KEY, session_id TEXT, message TEXT"
        f"{reference})"
    )
    path = founding.make(tmp_path / "bridge.db", script)
    if not said:
        assert migrate(path, MIGRATIONS) == newest()
        return
    with pytest.raises(ForeignDatabase, match="FOREIGN KEY"):
        migrate(path, MIGRATIONS)


@pytest.mark.parametrize("variant", [*founding.CHATTING, "people alone", "control-dev"])
def test_people_and_agents_are_added_beside_theirs(
    adopted: Callable[[str], House], variant: str
) -> None:
    """Whatever their columns insist on; our agents stay out of their lists."""
    house = adopted(variant)
    about = AgentChange("Tuesday", "Orders", "active", (), ())
    house.administration.roster.add("tuesday", about, "test")
    assert house.agents.resolve("tuesday").name == "Tuesday"
    person, _ = house.accounts.add("wanda", "operator", "test")
    assert house.accounts.find(person.id).email is None
