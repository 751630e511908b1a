"""What administrators changed: in order, unedited, and without anybody's secrets."""

import sqlite3

import pytest

from chat_bridge.domain.audit import BEGINNING
from chat_bridge.errors import AuditBroken
from tests.builders import House


@pytest.fixture
def written(house: House) -> House:
    for number in range(4):
        house.audit.write("Ada", "config", subject=f"key{number}", before=None, after=str(number))
    return house


def tamper(house: House, sql: str) -> None:
    """As somebody with the file would, who knows of the triggers too."""
    with house.store.write():
        connection = house.store.database.connection
        connection.execute("DROP TRIGGER audit_log_keeps_values")
        connection.execute("DROP TRIGGER audit_log_keeps_entries")
        connection.execute(sql)


def test_an_empty_log_is_unbroken(house: House) -> None:
    assert house.audit.verify() == (0, BEGINNING)


def test_entries_are_kept_in_order(written: House) -> None:
    entries = list(written.audit.entries())
    assert [entry.subject for entry in entries] == ["key0", "key1", "key2", "key3"]
    assert (entries[0].actor, entries[0].before, entries[0].after) == ("Ada", None, "0")
    assert entries[0].created_at == written.clock.now()
    assert written.audit.verify() == (4, entries[-1].hash)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_log SET value_after = '7' WHERE id = 2",
        "UPDATE audit_log SET actor = 'Grace' WHERE id = 2",
        "UPDATE audit_log SET value_before = '' WHERE id = 2",
        "UPDATE audit_log SET created_at = '2026-11-21T11:00:00.000Z' WHERE id = 2",
        "DELETE FROM audit_log WHERE id = 1",
        "DELETE FROM audit_log WHERE id = 3",
        "UPDATE audit_log SET action = 'other' WHERE id = 2",
        "UPDATE audit_log SET subject = 'other' WHERE id = 4",
        "UPDATE audit_log SET value_after = NULL WHERE id = 4",
        "UPDATE audit_log SET hash = previous_hash WHERE id = 4",
        "UPDATE audit_log SET previous_hash = hash WHERE id = 1",
        "DELETE FROM audit_log WHERE id <= 2",
        "DELETE FROM audit_log WHERE id = 4",
        "DELETE FROM audit_log",
        "UPDATE audit_log SET id = 5 - id + 10",
        "UPDATE audit_log SET id = 9 WHERE id = 2",
        "INSERT INTO audit_log SELECT 9, created_at, actor, action, subject, value_before,"
        " value_after, previous_hash, hash FROM audit_log WHERE id = 4",
    ],
)
def test_an_edited_log_is_broken(written: House, sql: str) -> None:
    tamper(written, sql)
    with pytest.raises(AuditBroken):
        written.audit.verify()


@pytest.mark.parametrize("sql", ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log"])
def test_nothing_in_it_changes_by_mistake(written: House, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="only grows"), written.store.write():
        written.store.database.connection.execute(sql)
    assert written.audit.verify()[0] == 4


def test_an_entry_is_undone_with_its_change(house: House) -> None:
    def fail() -> None:
        with house.store.write():
            house.audit.write("Ada", "config", subject="greeting", after="Hi")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert house.audit.verify()[0] == 0


def test_changed_settings_are_told_without_their_secrets(house: House) -> None:
    house.settings.put({"greeting": "Hi"})
    changes = house.settings.put(
        {"greeting": "Hello", "openai_api_key": "hush", "api_key": "x" * 9}
    )
    assert changes["greeting"] == ("Hi", "Hello")
    assert "hush" not in str(changes)
    assert "x" * 9 not in str(changes)
