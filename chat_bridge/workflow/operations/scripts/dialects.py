"""How each database writes names, texts and truth; whatever a cell holds, it stays a value."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_bridge.workflow.arguments import refused
from chat_bridge.workflow.operations.scripts.reserved import RESERVED

if TYPE_CHECKING:
    import polars as pl

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UUID_SQLITE = (
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || "
    "substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2) || '-' || "
    "hex(randomblob(6)))"
)


@dataclass(frozen=True)
class Dialect:
    """`escaped` makes text fit between quotes; `now` and `today` are its words for them."""

    name: str
    opening: str
    brackets: tuple[str, str]
    escaped: Callable[["pl.Expr"], "pl.Expr"]
    uuid: str
    now: str
    today: str
    quote: str = "'"
    truth: tuple[str, str] = ("1", "0")
    timestamp: str = ""

    def identifier(self, name: str, argument: str = "column_mapping") -> str:
        """Bare where every database reads it the same, else in its quotes."""
        if not name.strip() or _CONTROL.search(name):
            raise refused("to-sql", argument, f"{name!r} cannot be a name in a database")
        if _PLAIN.fullmatch(name) and name not in RESERVED:
            return name
        start, end = self.brackets
        return f"{start}{name.replace(end, end * 2)}{end}"

    def table(self, name: str) -> str:
        """`schema.table` names two things."""
        parts = name.split(".") if all(name.split(".")) else [name]
        return ".".join(self.identifier(part, "table_name") for part in parts)

    def literal(self, cell: "pl.Expr") -> "pl.Expr":
        import polars as pl

        return pl.concat_str(pl.lit(self.quote), self.escaped(cell), pl.lit("'"))


def _doubled(cell: "pl.Expr") -> "pl.Expr":
    return cell.str.replace_all("'", "''", literal=True)


def _backslashed(cell: "pl.Expr") -> "pl.Expr":
    for letter, told in (("\\", "\\\\"), ("'", "\\'"), ('"', '\\"'), ("\x1a", "\\Z")):
        cell = cell.str.replace_all(letter, told, literal=True)
    return cell


def _unfolded(cell: "pl.Expr") -> "pl.Expr":
    """SQL Server drops a backslash with the line end behind it: the text ends in between."""
    told = _doubled(cell)
    for end in ("\r\n", "\n"):
        told = told.str.replace_all("\\" + end, "\\' + N'" + end, literal=True)
    return told


DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Dialect(
            "postgresql", "BEGIN;", ('"', '"'), _doubled, "uuid_generate_v4()", "NOW()",
            "CURRENT_DATE", truth=("TRUE", "FALSE"), timestamp="::timestamp",
        ),
        Dialect(
            "mysql", "START TRANSACTION;", ("`", "`"), _backslashed, "UUID()", "NOW()", "CURDATE()"
        ),
        Dialect(
            "sqlite", "BEGIN TRANSACTION;", ('"', '"'), _doubled, _UUID_SQLITE, "datetime('now')",
            "date('now')",
        ),
        Dialect(
            "sqlserver", "BEGIN TRANSACTION;", ("[", "]"), _unfolded, "NEWID()", "GETDATE()",
            "CAST(GETDATE() AS date)", quote="N'",
        ),
    )
}  # fmt: skip
SPELLINGS: Mapping[str, str] = {
    "postgres": "postgresql", "pg": "postgresql", "psql": "postgresql", "mariadb": "mysql",
    "sqlite3": "sqlite", "mssql": "sqlserver", "sql server": "sqlserver",
    "sql_server": "sqlserver", "tsql": "sqlserver", "t-sql": "sqlserver",
}  # fmt: skip
