"""A visitor's conversations, grouped by how long ago they were last alive."""

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from chat_bridge.domain import times
from chat_bridge.model import Session
from control.view_models import SessionGroup, SessionView

UNTITLED = "New chat"
PINNED = "Pinned"
LABELS = (PINNED, "Today", "Yesterday", "Last 7 days", "Older")


def grouped(
    sessions: Sequence[Session], *, current: str | None, zone: tzinfo, today: date,
    pinned: Set[str] = frozenset(),
) -> list[SessionGroup]:  # fmt: skip
    groups: dict[str, list[SessionView]] = {label: [] for label in LABELS}
    for session in sessions:
        moment = _moment(session.last_activity, zone)
        view = _view(session, moment, today, current)
        on_top = session.session_id in pinned
        groups[PINNED if on_top else _label(moment.date(), today)].append(
            replace(view, pinned=on_top)
        )
    return [SessionGroup(label, shown) for label, shown in groups.items() if shown]


def _view(session: Session, moment: datetime, today: date, current: str | None) -> SessionView:
    return SessionView(
        session_id=session.session_id,
        title=session.title or UNTITLED,
        last_activity=times.canonical(session.last_activity),
        clock=moment.strftime("%H:%M") if moment.date() == today else moment.strftime("%d %b"),
        current=session.session_id == current,
    )


def _label(day: date, today: date) -> str:
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return "Last 7 days" if day > today - timedelta(days=7) else "Older"


def _moment(text: str, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp((times.milliseconds(text) or 0) / 1000, tz=zone)
