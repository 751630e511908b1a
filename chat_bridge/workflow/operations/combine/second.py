"""The second file, and how its columns are spoken of."""

from chat_bridge.workflow.arguments import refused
from chat_bridge.workflow.columns import listed, match
from chat_bridge.workflow.tables.frames import Table


def there(name: str, other: Table) -> str:
    """A column of the second file; a refusal says that it is the second."""
    found = match(name, other.columns)
    if found is not None:
        return found
    hint = f"the second file has no column '{name}'; its columns are {listed(other.columns)}"
    raise refused("join", "bind_file", hint, column=name, columns=list(other.columns))
