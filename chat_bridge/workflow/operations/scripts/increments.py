"""`auto_increment`, in both spellings of its settings and the words of every database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chat_bridge.workflow.arguments import either, refused, truth
from chat_bridge.workflow.operations.scripts.dialects import Dialect
from chat_bridge.workflow.registry import nearest

TYPES = (
    "none", "postgresql_serial", "mysql_auto_increment", "sqlite_autoincrement",
    "manual_sequence", "uuid_generate",
)  # fmt: skip
SPELLINGS: Mapping[str, str] = {
    "serial": "postgresql_serial", "bigserial": "postgresql_serial",
    "smallserial": "postgresql_serial", "identity": "postgresql_serial",
    "generated": "postgresql_serial", "auto": "postgresql_serial",
    "auto_increment": "mysql_auto_increment", "autoincrement": "sqlite_autoincrement",
    "sequence": "manual_sequence", "manual": "manual_sequence", "nextval": "manual_sequence",
    "uuid": "uuid_generate", "guid": "uuid_generate", "uuid_generate_v4": "uuid_generate",
    "gen_random_uuid": "uuid_generate", "newid": "uuid_generate",
}  # fmt: skip
SETTINGS: Mapping[str, str] = {
    "enabled": "enabled",
    "columnName": "column_name",
    "incrementType": "increment_type",
    "startValue": "start_value",
    "sequenceName": "sequence_name",
}


@dataclass(frozen=True)
class Increment:
    """As plain values it is a valid argument again: steps are kept as JSON."""

    enabled: bool = False
    column_name: str = "id"
    increment_type: str = "postgresql_serial"
    start_value: int = 1
    sequence_name: str | None = None

    @property
    def by_database(self) -> bool:
        """The database numbers the rows; the column is not named."""
        return self.increment_type not in ("manual_sequence", "uuid_generate")

    def fixed(self, dialect: Dialect) -> str | None:
        """What stands in every row, or None for a running number."""
        if self.increment_type == "uuid_generate":
            return dialect.uuid
        if self.increment_type == "manual_sequence" and dialect.name == "postgresql":
            sequence = (self.sequence_name or f"seq_{self.column_name}").replace("'", "''")
            return f"nextval('{sequence}')"
        return None


def read(given: Any) -> Increment:
    """`yes`, a type, or an object of settings."""
    if given is None:
        return Increment()
    if isinstance(given, Mapping):
        return _object(given)
    said = truth(given)
    if said is not None:
        return Increment(enabled=said)
    return Increment(enabled=True, increment_type=_type(given))


def _object(given: Mapping[str, Any]) -> Increment:
    """The spelling with underscores wins over the other."""
    known = {**{name: name for name in SETTINGS.values()}, **SETTINGS}
    if strange := next((name for name in given if name not in known), None):
        close = nearest(strange, known)
        raise _bad(
            f"there is no setting '{strange}'" + (f"; did you mean '{close}'?" if close else "")
        )
    told = {SETTINGS[n]: value for n, value in given.items() if n in SETTINGS and _filled(value)}
    told |= {n: value for n, value in given.items() if n not in SETTINGS and _filled(value)}
    start = told.get("start_value", 1)
    if isinstance(start, bool) or not str(start).strip().lstrip("-").isdecimal():
        raise _bad(f"'{start}' is not a whole number to start from")
    enabled = truth(told.get("enabled", False))
    if enabled is None:
        raise _bad(f"'{told['enabled']}' is neither yes nor no")
    return Increment(
        enabled,
        str(told.get("column_name", "id")),
        _type(told.get("increment_type", "postgresql_serial")),
        int(start),
        told.get("sequence_name") and str(told["sequence_name"]),
    )


def _filled(value: Any) -> bool:
    return value is not None and value != ""


def _type(given: Any) -> str:
    word = str(given).strip().lower().replace(" ", "_").removesuffix("()")
    word = SPELLINGS.get(word, word)
    if word in TYPES:
        return word
    close = nearest(word, [*TYPES, *SPELLINGS])
    hint = f"did you mean '{close}'?" if close else f"choose {either(TYPES)}"
    raise _bad(f"there is no type '{given}'; {hint}")


def _bad(reason: str) -> Exception:
    return refused("to-sql", "auto_increment", reason)
