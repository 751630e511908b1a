"""Instants as people and programs write them (spec: bridge 2.4, 2.5)."""

import re
from datetime import UTC, datetime, timedelta, timezone

INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?"
    r"\s*(Z|z|[+\- ]\d\d(?::?[0-5]\d)?)?",
    re.ASCII,
)
END = 253_402_300_800_000  # the year 10000, which the wire's form cannot hold


def milliseconds(text: str) -> int | None:
    """Milliseconds since 1970, or None where the text is no instant from then to the year 9999.
    No zone means UTC; a blank before the offset is a `+` that lost its escaping in a URL."""
    match = INSTANT.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    fraction = (match[7] or "").ljust(3, "0")[:3]
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(match[8]))
    except ValueError:
        return None
    value = int(moment.timestamp()) * 1000 + int(fraction)
    return value if 0 <= value < END else None


def _zone(text: str | None) -> timezone:
    if not text or text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)


def canonical(text: str) -> str:
    """A stored time in the wire's form; other programs write `YYYY-MM-DD HH:MM:SS` (UTC)."""
    if len(text) == 24 and text[10] == "T" and text[23] == "Z":
        return text
    value = milliseconds(text)
    if value is None:
        return text
    moment = datetime.fromtimestamp(value // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{value % 1000:03d}Z"


def length(milliseconds: int) -> str:
    """How long something took: `under 1 s`, then as `span`."""
    return "under 1 s" if milliseconds < 1000 else span(milliseconds // 1000)


def span(seconds: int) -> str:
    """A number and a unit: `3 s`, `14 min`, `5 h`, `2 d`."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{max(0, seconds)} s"
