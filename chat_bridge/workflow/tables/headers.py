"""Column names as they come out of a first row: never blank, never twice."""

from collections.abc import Iterable

from chat_bridge.errors import BadArgument


def named(cells: Iterable[str | None]) -> tuple[str, ...]:
    """`a, a, blank` becomes `a`, `a.1`, `Unnamed: 2`."""
    wanted = [cell or f"Unnamed: {index}" for index, cell in enumerate(cells)]
    originals, used = set(wanted), set[str]()
    names = []
    for name in wanted:
        free = name if name not in used else _next_free(name, used | originals)
        used.add(free)
        names.append(free)
    return tuple(names)


def _next_free(name: str, taken: set[str]) -> str:
    number = 1
    while f"{name}.{number}" in taken:
        number += 1
    return f"{name}.{number}"


def numbered_names(width: int) -> tuple[str, ...]:
    """For a table without a header: `Column 1`, `Column 2`."""
    return tuple(f"Column {number}" for number in range(1, width + 1))


def beyond_the_end(name: str, header_row: int) -> BadArgument:
    return BadArgument(
        f"'{name}' has no row {header_row:,} to take the header from.", argument="header_row"
    )
