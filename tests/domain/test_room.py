"""Quotas of a session, of a key and in all, and what is told of them."""

import io
from pathlib import Path

import pytest

from chat_bridge.domain import room
from chat_bridge.domain.room import Quotas, Room
from chat_bridge.errors import OutOfSpace, QuotaExceeded
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House, new_house


def with_quotas(folder: Path, quotas: Quotas) -> House:
    house = new_house(folder)
    object.__setattr__(house.attachments, "room", Room(house.store, house.files, quotas))
    house.say("Hello")
    house.say("Hello", GRACES_CHAT, GRACE)
    return house


def send(house: House, size: int, session: str = ADAS_CHAT, by: str | None = None) -> None:
    blob = house.attachments.receive(io.BytesIO(bytes([size % 251]) * size))
    owner = house.sessions.find(session)
    house.attachments.attach(owner, blob, "list.txt", uploader=by)


def test_a_conversation_has_room_for_so_much(tmp_path: Path) -> None:
    house = with_quotas(tmp_path, Quotas(session=100))
    send(house, 60)
    with pytest.raises(QuotaExceeded) as refused:
        send(house, 41)
    assert refused.value.status == 507
    assert refused.value.message == (
        "This conversation may hold 100 B of files and holds 60 B; nothing was stored."
    )
    send(house, 40)
    send(house, 100, GRACES_CHAT)


def test_a_key_has_room_in_all_its_sessions(tmp_path: Path) -> None:
    house = with_quotas(tmp_path, Quotas(key=100))
    send(house, 60, by="key:1")
    with pytest.raises(QuotaExceeded, match="This key"):
        send(house, 41, GRACES_CHAT, by="key:1")
    send(house, 90, GRACES_CHAT, by="key:2")
    send(house, 90, GRACES_CHAT)


def test_equal_contents_count_once_in_all(tmp_path: Path) -> None:
    house = with_quotas(tmp_path, Quotas(total=100))
    send(house, 60)
    send(house, 60, GRACES_CHAT)
    assert house.attachments.room.usage()["used_bytes"] == 60
    with pytest.raises(QuotaExceeded, match="This server"):
        send(house, 50)
    send(house, 40)
    assert house.attachments.room.warnings() == [
        "Files take 100 B of the 100 B they may take in all (total_quota_mb)."
    ]


def test_what_is_told_of_the_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = with_quotas(tmp_path, Quotas(session=100))
    send(house, 60)
    told = house.attachments.room.usage()
    assert (told["files"], told["used_bytes"]) == (1, 60)
    assert told["free_bytes"] > 0
    assert told["quotas"] == {"session_bytes": 100, "key_bytes": None, "total_bytes": None}
    assert house.attachments.room.warnings() == []
    monkeypatch.setattr(room, "SPARE_BYTES", 1 << 62)
    assert "nothing is stored any more" in house.attachments.room.warnings()[0]
    with pytest.raises(OutOfSpace):
        send(house, 1)
