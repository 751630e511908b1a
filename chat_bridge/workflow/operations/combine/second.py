"""The second file, and how its columns are spoken of."""

from chat_bridge.errors import UnknownColumn
from chat_bridge.workflow.columns import listed, match
from chat_bridge.workflow.registry import nearest
from chat_bridge.workflow.tables.frames import Table


def there(name: str, other: Table) -> str:
    """A column of the second file; a refusal says that it is the second."""
    found = match(name, other.columns)
    if found is not None:
        return found
    close = nearest(name, other.columns)
    hint = f"did you mean '{close}'?" if close else f"its columns are {listed(other.columns)}."
    raise UnknownColumn(
        f"The second file has no column '{name}'; {hint}",
        column=name,
        nearest=close,
        columns=list(other.columns),
    )
