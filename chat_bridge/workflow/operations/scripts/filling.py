"""The template language of /sql-template: a line of one's own for every row. Inside quotes a cell
is only escaped, outside it is a literal; nothing of a cell is ever read as SQL or as a template."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chat_bridge.workflow import templates
from chat_bridge.workflow.operations.scripts.dialects import DIALECTS, Dialect
from chat_bridge.workflow.operations.scripts.increments import Increment
from chat_bridge.workflow.operations.scripts.inserts import INDEX, file_head, running
from chat_bridge.workflow.operations.scripts.literals import NULL, survey
from chat_bridge.workflow.registry import Arguments
from chat_bridge.workflow.tables.frames import About, Text
from chat_bridge.workflow.templates import WILDCARDS, Cells, Placeholder

if TYPE_CHECKING:
    import polars as pl

_STATEMENT = re.compile(r"\s*(?:insert|update|delete|select|replace|merge|with|call)\b", re.I)


def unwrapped(template: str) -> str:
    """Without a pair of quotes around the whole; quotes that are part of the SQL stay."""
    text = template.strip()
    if len(text) < 2 or text[0] != text[-1] or text[0] not in "\"'":
        return template
    inside = text[1:-1]
    return inside if text[0] not in inside or _STATEMENT.match(inside) else template


def compose(frame: "pl.LazyFrame", arguments: Arguments, _: About) -> Text:
    import polars as pl

    schema = frame.collect_schema()
    parts = templates.parse(arguments["template"])
    mapping = templates.mapped(arguments["column_mapping"], schema.names())
    filling = Filling(
        Cells(schema, mapping),
        Increment(**arguments["auto_increment"]),
        DIALECTS[arguments["database_type"]],
    )
    line = pl.concat_str(filling.pieces(parts))
    rows = survey(frame, filling.used(parts), infer=False).rows
    now = datetime.now(UTC).isoformat(timespec="seconds")
    head = "\n".join([*file_head(rows, now), ""])
    missing = templates.unknown(parts, filling.knows)
    return Text(
        frame.with_row_index(INDEX).with_columns(line.alias("line")).select("line"),
        arguments["output_format"],
        prefix=head,
        empty=head,
        noun=("line", "lines"),
        data={"total_statements": rows, "generated_at": now},
        warnings=tuple(
            f"'{name}' is neither mapped nor a column, so it is NULL." for name in missing
        ),
    )


@dataclass(frozen=True)
class Filling:
    cells: Cells
    increment: Increment
    dialect: Dialect

    def pieces(self, parts: "tuple[templates.Part, ...]") -> list["pl.Expr"]:
        """An odd number of quotes before a placeholder means that it stands inside them."""
        import polars as pl

        pieces: list[pl.Expr] = [pl.lit("")]
        quoted = False
        for part in parts:
            if isinstance(part, str):
                quoted ^= part.count("'") % 2 == 1
                pieces.append(pl.lit(part))
            else:
                pieces.append(self._inside(part) if quoted else self._outside(part))
        return pieces

    def used(self, parts: "tuple[templates.Part, ...]") -> list[str]:
        names = [self._bare(part)[0].name for part in parts if isinstance(part, Placeholder)]
        return list(dict.fromkeys(filter(None, map(self.cells.column, names))))

    def knows(self, name: str) -> bool:
        bare = self._bare(Placeholder(name))[0].name
        return self._word(bare) is not None or self.cells.column(bare) is not None

    def _outside(self, wanted: Placeholder) -> "pl.Expr":
        import polars as pl

        bare, before, after = self._bare(wanted)
        word = self._word(bare.name)
        if word is not None:
            return word
        cell = self.cells.text(bare)
        if cell is None:
            return pl.lit(NULL)
        dialect = self.dialect
        likened = pl.concat_str(
            pl.lit(dialect.quote + before), dialect.escaped(cell), pl.lit(after + "'")
        )
        plain = self._converted(bare, cell)
        shown = likened if plain is None else pl.coalesce(plain, likened)
        return shown.fill_null(pl.lit(NULL))

    def _inside(self, wanted: Placeholder) -> "pl.Expr":
        import polars as pl

        bare, _, _ = self._bare(wanted)
        word = self._word(bare.name)
        if word is not None:
            return word
        cell = self.cells.text(bare)
        if cell is None:
            return pl.lit("")
        escaped = self.dialect.escaped(cell)
        plain = self._converted(bare, cell)
        shown = escaped if plain is None else pl.coalesce(plain, escaped)
        return shown.fill_null(pl.lit(""))

    def _converted(self, wanted: Placeholder, cell: "pl.Expr") -> "pl.Expr | None":
        """A number or truth that needs no quotes; a cell that is none keeps its text."""
        import polars as pl

        if wanted.type == "int":
            return templates.whole(cell)
        if wanted.type == "float":
            return templates.decimal(cell)
        if wanted.type == "bool":
            yes, no = ("1", "0") if self.dialect.name == "sqlserver" else ("TRUE", "FALSE")
            return (
                pl.when(templates.truth(cell))
                .then(pl.lit(yes))
                .when(cell.is_not_null())
                .then(pl.lit(no))
            )
        return None

    def _word(self, name: str) -> "pl.Expr | None":
        """Words that stand for no cell; the running number goes before a column of its name."""
        import polars as pl

        if self.increment.enabled and name in ("auto_id", self.increment.column_name):
            return running(self.increment)
        if self.cells.column(name) is not None:
            return None
        today = self.dialect.today if self.dialect.name == "sqlserver" else "CURRENT_DATE"
        words: Mapping[str, str] = {
            "current_timestamp": "CURRENT_TIMESTAMP",
            "current_date": today,
        }
        return pl.lit(words[name]) if name in words else None

    def _bare(self, wanted: Placeholder) -> tuple[Placeholder, str, str]:
        """Without the wildcards of LIKE around it, unless they are part of a name."""
        if (
            self.cells.column(wanted.name) is not None
            and wanted.type.strip(WILDCARDS) == wanted.type
        ):
            return wanted, "", ""
        bare = _stripped(wanted, "%")
        named = self.cells.column(bare[0].name) is not None
        return bare if named else _stripped(wanted, WILDCARDS)


def _stripped(wanted: Placeholder, marks: str) -> tuple[Placeholder, str, str]:
    name = wanted.name.lstrip(marks)
    before = wanted.name[: len(wanted.name) - len(name)]
    told = wanted.type or name
    core = told.rstrip(marks)
    after = told[len(core) :]
    if wanted.type:
        return replace(wanted, name=name, type=core), before, after
    return replace(wanted, name=core), before, after
