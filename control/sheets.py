"""What each sheet of a page is joined from, in the order of the cascade: files small enough to
read, and one request for all that a surface needs."""

from collections.abc import Mapping

_ANSWERS = ("chat/answers", "chat/prose")
_COMPOSER = ("chat/composer", "chat/tray", "chat/palette")
_TALK = ("chat/messages", *_ANSWERS, "chat/cards", "chat/steps", "chat/preview", *_COMPOSER)
_RECORD = ("console/record", "console/talk")

SHEETS: Mapping[str, tuple[str, ...]] = {
    "base": ("base/tokens", "base/text", "base/buttons", "base/marks", "base/menus"),
    "chat": (
        "chat/layout", "chat/agents", "chat/log", "chat/sidebar", "chat/talks", *_TALK,
        "chat/states", "chat/notices",
    ),
    "widget": (
        "chat/layout", "chat/agents", "chat/log", *_TALK, "chat/states", "chat/notices", "widget",
    ),
    "console": (
        "console/frame", "console/menu", "console/account-menu",
        "console/filters", "console/tables", "console/lists", "console/parts",
    ),
    "forms": ("console/forms", "console/cards", "console/settings"),
    "talk": _RECORD,
    "conversation": (*_ANSWERS, *_RECORD),
    "inbox": (
        *_ANSWERS, *_COMPOSER, *_RECORD, "console/panes", "console/rows", "console/tags",
        "console/views", "console/reply",
    ),
}  # fmt: skip
