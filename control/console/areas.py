"""What the console has, in the order of its menu. A page adds its line here."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """`role` is the least one that sees it; `hot` counts are something to look after."""

    name: str
    title: str
    icon: str
    path: str
    role: str = "viewer"
    hot: bool = False


@dataclass(frozen=True)
class Group:
    title: str
    areas: Sequence[Area]


MENU = (
    Group(
        "Conversations",
        (
            Area("overview", "Overview", "home", "/admin/"),
            Area("inbox", "Inbox", "inbox", "/admin/inbox"),
            Area("canned", "Canned replies", "slash", "/admin/canned-replies", "operator"),
            Area("sessions", "Sessions", "talks", "/admin/sessions"),
            Area("outbox", "Outbox", "outbox", "/admin/outbox"),
        ),
    ),
    Group(
        "Work",
        (
            Area("jobs", "Jobs", "jobs", "/admin/jobs"),
            Area("dead-letters", "Dead letters", "dead", "/admin/dead-letters", hot=True),
            Area("files", "Files", "sheet", "/admin/files"),
        ),
    ),
    Group(
        "Administration",
        (
            Area("users", "Users", "people", "/admin/users", "admin"),
            Area("agents", "Agents", "bot", "/admin/agents", "admin"),
            Area("keys", "Keys", "key", "/admin/keys", "admin"),
            Area("settings", "Settings", "gear", "/admin/settings", "admin"),
            Area("maintenance", "Maintenance", "tools", "/admin/maintenance", "admin"),
            Area("audit", "Audit", "shield", "/admin/audit", "admin"),
            Area("logs", "Logs", "list", "/admin/logs", "admin"),
        ),
    ),
)
