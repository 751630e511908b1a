"""What an administrator tidies up, wherever they ask for it: done, and in the audit log."""

import json

import pytest

from chat_bridge.domain.tidying import Tidying
from chat_bridge.errors import DatabaseBusy
from chat_bridge.logs import FILE_BYTES
from chat_bridge.model import AuditEntry
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House

NONE = {"sessions": 0, "messages": 0, "responses": 0}


@pytest.fixture
def tidying(house: House) -> Tidying:
    return house.tidying


def last(house: House) -> AuditEntry:
    return list(house.audit.entries())[-1]


def test_everything_is_erased_and_what_there_was_is_audited(house: House, tidying: Tidying) -> None:
    house.say("Good morning")
    house.say("Good evening", GRACES_CHAT, GRACE)
    house.reply(house.key(), "Hello")
    before, after = tidying.erase_everything("mary")
    assert (before, after) == ({"sessions": 2, "messages": 2, "responses": 1}, NONE)
    entry = last(house)
    assert (entry.actor, entry.action, entry.subject) == (
        "mary",
        "clear_data",
        "every conversation",
    )
    assert json.loads(entry.before or "") == before


def test_what_is_begun_is_audited_even_if_it_fails(
    house: House, tidying: Tidying, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.say("Good morning")
    monkeypatch.setattr(type(house.files), "unlink_tree", lambda files, folder: _fail())
    with pytest.raises(DatabaseBusy):
        tidying.erase_everything("mary")
    assert last(house).action == "clear_data"


def _fail() -> None:
    raise DatabaseBusy


def test_idle_sessions_expire_and_nothing_to_do_is_no_entry(house: House, tidying: Tidying) -> None:
    house.say("Good morning")
    assert tidying.expire_idle("mary") == 0
    assert list(house.audit.entries()) == []
    house.clock.pass_seconds(86_401)
    assert tidying.expire_idle("mary") == 1
    entry = last(house)
    assert (entry.actor, entry.action, entry.after) == ("mary", "cleanup", "1 expired")
    assert house.sessions.find(ADAS_CHAT).status == "expired"


def test_logs_are_rotated_and_what_is_left_is_audited(house: House, tidying: Tidying) -> None:
    with (house.folder / "web.log").open("wb") as full:
        full.truncate(FILE_BYTES)
    (house.folder / "worker.log").write_bytes(b"x" * 512)
    sizes = tidying.clean_up_logs("mary")
    assert (sizes.current, sizes.total, sizes.backups) == (512, FILE_BYTES + 512, 1)
    entry = last(house)
    assert (entry.actor, entry.action, entry.after) == (
        "mary",
        "cleanup_logs",
        "100 MB, 1 set aside",
    )
