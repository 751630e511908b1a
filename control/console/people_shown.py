"""What visitors and files are called in the console."""

import re

TURNING = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def called(name: str | None, title: str | None, uid: str) -> str:
    """Their name if they gave one or signed in, else guest with the end of their id."""
    return name or (f"Guest {uid[-4:]}" if uid else title or "Guest")


def letter(name: str) -> str:
    """For a picture of them: guests differ in the rest of their name."""
    return (name.removeprefix("Guest ") or "?")[0].upper()


def plain(text: object) -> str:
    """Characters that turn or hide others in a name are shown as what they are."""
    return TURNING.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", str(text))
