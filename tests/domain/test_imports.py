"""A database of the PHP bridge, copied into ours."""

from pathlib import Path

import pytest

from chat_bridge.domain.imports import Imports
from chat_bridge.domain.items import Links
from chat_bridge.errors import ForeignDatabase
from chat_bridge.store.php import PhpFile
from tests import founding
from tests.builders import House
from tests.cli.programs import environment, run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return founding.make(tmp_path / "php.db", founding.PHP)


def copy(house: House, file: Path, *, dry_run: bool = False) -> dict[str, int]:
    imports = Imports(house.store, house.clock, house.audit)
    return dict(imports.run(PhpFile(file), "Ada", "php.db", dry_run=dry_run).new)


def said(house: House, session: str) -> list[str]:
    items = house.transcripts.page(house.sessions.find(session), None, 50, Links()).items
    return [item.get("message") or item["response"] for item in items]


def test_conversations_are_copied(house: House, file: Path) -> None:
    before = founding.contents(file)
    assert copy(house, file) == {"sessions": 3, "messages": 4, "responses": 2}
    assert founding.contents(file) == before
    assert said(house, "session_ada") == ["Answer <b>", "Done & dusted", "First"]
    assert said(house, "session_gone") == ["Orphan", "Another"]
    assert house.sessions.find("session_ada").uid == "00000000000000ad"
    key = house.key()
    assert sorted(d.message.text for d in house.poll(key).deliveries) == [
        "First",
        "Orphan",
        "Second",
    ]
    assert house.reply(key, "Hello", "abc-123").id


def test_odd_values_are_copied_as_text(house: House, file: Path) -> None:
    """Bytes where a text belongs, a text cut within a character, times that are none."""
    founding.make(
        file,
        "INSERT INTO web_chat_messages (session_id, message, timestamp) VALUES"
        " ('abc-123', x'4162fffe', x'00ff'), ('abc-123', 7, 1754276936),"
        " ('abc-123', CAST(x'6361666fc3' AS TEXT), NULL);"
        "INSERT INTO web_chat_sessions VALUES"
        " ('session_odd', x'ff', x'ff', 12, CAST(x'ff' AS TEXT), 'no json');"
        "INSERT INTO web_chat_responses (session_id, response, message_id, timestamp) VALUES"
        " ('session_odd', x'ff', x'ff', 'soon');",
    )
    assert copy(house, file) == {"sessions": 4, "messages": 7, "responses": 3}
    assert sorted(said(house, "abc-123")) == ["7", "Ab\ufffd\ufffd", "Second", "cafo\ufffd"]
    assert said(house, "session_odd") == ["\ufffd"]
    assert copy(house, file) == {"sessions": 0, "messages": 0, "responses": 0}


def test_twice_is_as_good_as_once(house: House, file: Path) -> None:
    copy(house, file)
    rows = founding.contents(house.folder / "bridge.db")
    assert copy(house, file) == {"sessions": 0, "messages": 0, "responses": 0}
    now = founding.contents(house.folder / "bridge.db")
    assert {t: rows[t] for t in rows if t != "audit_log"} == {
        t: now[t] for t in rows if t != "audit_log"
    }


def test_what_came_meanwhile_is_added(house: House, file: Path) -> None:
    copy(house, file)
    founding.make(
        file, "INSERT INTO web_chat_messages (session_id, message) VALUES ('abc-123', 'More')"
    )
    assert copy(house, file) == {"sessions": 0, "messages": 1, "responses": 0}
    assert said(house, "abc-123") == ["Second", "More"]


def test_a_rehearsal_changes_nothing(house: House, file: Path) -> None:
    before = founding.contents(house.folder / "bridge.db")
    assert copy(house, file, dry_run=True) == {"sessions": 3, "messages": 4, "responses": 2}
    assert founding.contents(house.folder / "bridge.db") == before


def test_an_import_that_fails_leaves_nothing(
    house: House, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = founding.contents(house.folder / "bridge.db")

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(house.store.imports), "add_response", fail)
    with pytest.raises(KeyboardInterrupt):
        copy(house, file)
    assert founding.contents(house.folder / "bridge.db") == before


@pytest.mark.parametrize(
    ("script", "said"), [(founding.CONTROL, "`database`"), ("CREATE TABLE a (b)", "no web_chat")]
)
def test_another_layout_is_refused(house: House, tmp_path: Path, script: str, said: str) -> None:
    other = founding.make(tmp_path / "other.db", script)
    with pytest.raises(ForeignDatabase, match=said):
        copy(house, other)


def test_from_the_terminal(tmp_path: Path, file: Path) -> None:
    env = environment(tmp_path / "data")
    looked = run("import", str(file), "--dry-run", env=env)
    assert (looked.returncode, "messages: 4 of 4 new" in looked.stdout) == (0, True)
    assert "Nothing was changed." in looked.stdout
    assert "sessions: 3 of 3 new" in run("import", str(file), env=env).stdout
    assert "sessions: 0 of 3 new" in run("import", str(file), env=env).stdout
    assert "  import  " in run("audit", "list", env=env).stdout
    refused = run("import", str(tmp_path / "data" / "bridge.db"), env=env)
    assert (refused.returncode, "Nothing was changed" in refused.stderr) == (1, True)
