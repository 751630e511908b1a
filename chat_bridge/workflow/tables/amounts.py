"""Numbers as people read them in a refusal."""

_UNITS = ("bytes", "KiB", "MiB", "GiB")


def size(count: int) -> str:
    """`1.5 GiB`, `200 MiB`, `17 bytes`."""
    number, unit = float(count), 0
    while number >= 1024 and unit < len(_UNITS) - 1:
        number, unit = number / 1024, unit + 1
    return f"{number:.1f}".removesuffix(".0") + f" {_UNITS[unit]}"


def count(number: int, noun: str) -> str:
    """`12,000,000 cells`; the noun is given in the plural."""
    return f"{number:,} {noun}"
