"""How large something is, as people read it; the pages' `bytes` in lib/time.js writes the same."""

UNITS = ("B", "KB", "MB", "GB", "TB")


def as_size(count: float) -> str:
    """A kilobyte is 1,024 bytes, as in the settings: `512 B`, `17 KB`, `1.5 MB`, `26 GB`."""
    unit = 0
    while count >= 1024 and unit < len(UNITS) - 1:
        count, unit = count / 1024, unit + 1
    return (
        f"{count:.1f} {UNITS[unit]}" if count < 10 and unit > 1 else f"{count:,.0f} {UNITS[unit]}"
    )
