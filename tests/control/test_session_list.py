from dataclasses import replace
from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest

from chat_bridge.model import Session
from control import session_list

TODAY = date(2026, 11, 21)


def session(last_activity: str, title: str | None = "Q3 customers") -> Session:
    return Session(
        id=1, session_id="session_ada", chat_id="", uid="", token_hash=None, bound=True,
        agent_id=1, title=title, status="active", partition_key="",
        created_at=last_activity, last_activity=last_activity,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("last_activity", "label"),
    [
        ("2026-11-21T00:00:00.000Z", "Today"),
        ("2026-11-20T23:59:59.999Z", "Yesterday"),
        ("2026-11-15T12:00:00.000Z", "Last 7 days"),
        ("2026-11-14T12:00:00.000Z", "Older"),
    ],
)
def test_conversations_are_grouped_by_age(last_activity: str, label: str) -> None:
    groups = session_list.grouped([session(last_activity)], current=None, zone=UTC, today=TODAY)
    assert [group.label for group in groups] == [label]


def test_days_are_the_visitors_own() -> None:
    late = session("2026-11-20T23:30:00.000Z")
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    (group,) = session_list.grouped([late], current="session_ada", zone=zone, today=TODAY)
    assert (group.label, group.sessions[0].clock) == ("Today", "06:30")
    assert group.sessions[0].current


def test_a_conversation_without_words_has_a_name() -> None:
    unnamed = session("2026-11-21T10:00:00.000Z", title=None)
    (group,) = session_list.grouped([unnamed], current=None, zone=UTC, today=TODAY)
    assert group.sessions[0].title == "New chat"


def test_what_is_pinned_stays_on_top() -> None:
    old, new = session("2026-11-01T10:00:00.000Z"), session("2026-11-21T10:00:00.000Z")
    old = replace(old, session_id="session_old")
    groups = session_list.grouped(
        [new, old], current=None, zone=UTC, today=TODAY, pinned={"session_old"}
    )
    assert [group.label for group in groups] == ["Pinned", "Today"]
    assert [group.sessions[0].pinned for group in groups] == [True, False]
