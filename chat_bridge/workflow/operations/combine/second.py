"""The second file, and how its columns are spoken of."""

from collections.abc import Iterable, Sequence

from chat_bridge.errors import UnknownColumn
from chat_bridge.workflow.columns import listed, match, quoted, resolve, resolve_one
from chat_bridge.workflow.registry import nearest
from chat_bridge.workflow.tables.frames import Table


def there(names: Iterable[str], other: Table) -> list[str]:
    """Columns of the second file; a refusal says that it is the second, and names each."""
    found = {name: match(name, other.columns) for name in names}
    missing = [name for name, spelling in found.items() if spelling is None]
    if not missing:
        return [spelling for spelling in found.values() if spelling is not None]
    close = nearest(missing[0], other.columns)
    if len(missing) == 1:
        sentence = f"The second file has no column {quoted(missing)}"
    else:
        sentence = f"The second file has no columns {quoted(missing)}"
    if close and len(missing) == 1:
        sentence += f"; did you mean '{close}'?"
    else:
        sentence += f"; its columns are {listed(other.columns)}."
    raise UnknownColumn(
        sentence,
        column=missing[0],
        missing=missing,
        nearest=close,
        columns=list(other.columns),
    )


def keys_in_both(
    wanted: Sequence[str], names: Sequence[str], other: Table
) -> list[tuple[str, str]]:
    """Each column as this table spells it, and the second file."""
    resolve(wanted, names)
    here = [resolve_one(name, names) for name in dict.fromkeys(wanted)]
    return list(dict.fromkeys(zip(here, there(wanted, other), strict=True)))
