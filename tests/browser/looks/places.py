"""Every page of the console, as its picture is named, and how one comes to it; `{hoa}` is the
conversation that waits."""

CONSOLE = {
    "overview": "/admin/",
    "inbox": "/admin/inbox?tab=all",
    "conversation": "/admin/inbox/{hoa}?tab=all",
    "sessions": "/admin/sessions",
    "transcript": "/admin/sessions/{hoa}",
    "outbox": "/admin/outbox",
    "jobs": "/admin/jobs",
    "dead-letters": "/admin/dead-letters",
    "files": "/admin/files",
    "agents": "/admin/agents",
    "keys": "/admin/keys",
    "settings": "/admin/settings",
    "users": "/admin/users",
    "maintenance": "/admin/maintenance",
    "audit": "/admin/audit",
    "logs": "/admin/logs",
    "agent": "/admin/agents/default",
    "new-agent": "/admin/agents/new",
    "new-key": "/admin/keys/new",
    "user": "/admin/users/2",
    "new-user": "/admin/users/new",
    "laid-aside": "/admin/dead-letters/aside",
    "canned-replies": "/admin/canned-replies",
    "new-reply": "/admin/canned-replies/new",
    "put-off": "/admin/inbox?tab=snoozed",
    "nothing-found": "/admin/sessions?q=nothing-like-it",
}
UNPICTURED = {
    "agent", "new-agent", "new-key", "user", "new-user", "laid-aside", "canned-replies",
    "new-reply", "put-off", "nothing-found",
}  # fmt: skip
DOORS = {
    "sign-in": "/login",
    "sign-out": "/logout",
    "privacy": "/privacy",
    "not-found": "/nothing/here",
    "widget": "/widget/",
}
