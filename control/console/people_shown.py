"""What a visitor is called in the console."""


def called(name: str | None, title: str | None, uid: str) -> str:
    """Their name if they gave one, else guest with the beginning of their id."""
    return name or f"Guest {uid[-4:]}" if uid or name else title or "Guest"
