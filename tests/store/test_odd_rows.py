"""Rows of another program that no program of ours would write."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from chat_bridge.domain import items
from chat_bridge.domain.items import Links
from chat_bridge.store.migrate import migrate
from tests import founding
from tests.builders import MIGRATIONS, House, new_house


@pytest.fixture(params=founding.CHATTING)
def variant(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def house(tmp_path: Path, variant: str) -> House:
    path = founding.make(tmp_path / "bridge.db", founding.VARIANTS[variant])
    migrate(path, MIGRATIONS)
    return new_house(tmp_path)


def said(house: House) -> list[Mapping[str, Any]]:
    found = house.sessions.find("session_ada")
    return list(house.transcripts.page(found, None, 50, Links()).items)


def test_bytes_where_a_text_belongs_stop_nobody(house: House, variant: str) -> None:
    """One such row among a hundred must not keep the others from the agent."""
    with sqlite3.connect(house.folder / "bridge.db") as theirs:
        theirs.execute(founding.SAYS[variant], ("session_ada", b"caf\xe9"))
        theirs.execute(founding.ANSWERS[variant], ("session_ada", b"\xff"))
    with sqlite3.connect(house.folder / "bridge.db") as theirs:
        theirs.execute("UPDATE web_chat_sessions SET created_at = 5, last_activity = x'ff'")
    taken = [items.inbox_item(one) for one in house.poll(house.key()).deliveries]
    assert "caf\ufffd" in [item["message"] for item in taken]
    assert "\ufffd" in [item.get("response") for item in said(house)]
    listed = house.store.sessions.overviews("", 10, 0)
    assert orjson.dumps([items.overview_item(one) for one in listed])


def test_a_message_without_uid_has_that_of_its_session(house: House) -> None:
    for delivery in house.poll(house.key()).deliveries:
        session = house.sessions.find(delivery.message.session_id)
        assert items.inbox_item(delivery)["uid"] in (delivery.message.uid, session.uid)
        assert items.inbox_item(delivery)["uid"]
