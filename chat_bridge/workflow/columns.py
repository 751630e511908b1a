"""Finding the columns people name: exactly, else in any letter case if only one fits."""

from collections.abc import Iterable, Sequence

from chat_bridge.errors import UnknownColumn
from chat_bridge.workflow.arguments import brief
from chat_bridge.workflow.registry import nearest


def resolve(wanted: Iterable[str], columns: Sequence[str]) -> list[str]:
    """The table's own spellings, in the order asked for and each once."""
    names = list(dict.fromkeys(wanted))
    found = {name: match(name, columns) for name in names}
    missing = [name for name in names if found[name] is None]
    if missing:
        raise _unknown(missing, columns)
    return list(dict.fromkeys(spelling for spelling in found.values() if spelling is not None))


def resolve_kept(wanted: Iterable[str], kept: Sequence[str], columns: Sequence[str]) -> None:
    """Refuses what is there but was left out by `columns`, in words that say so."""
    out = [name for name in dict.fromkeys(wanted) if match(name, kept) is None]
    out = [name for name in out if match(name, columns) is not None]
    if out:
        one = "There is no column" if len(out) == 1 else "There are no columns"
        raise UnknownColumn(
            f"{one} {quoted(out)}; 'columns' keeps only {listed(kept)}.",
            column=out[0],
            missing=out,
            nearest=nearest(out[0], kept),
            columns=list(kept),
        )


def resolve_one(wanted: str, columns: Sequence[str]) -> str:
    return resolve([wanted], columns)[0]


def match(wanted: str, columns: Sequence[str]) -> str | None:
    if wanted in columns:
        return wanted
    for fold in (str.lower, lambda name: name.strip().lower()):
        close = [column for column in columns if fold(column) == fold(wanted)]
        if len(close) == 1:
            return close[0]
    return None


def _unknown(missing: Sequence[str], columns: Sequence[str]) -> UnknownColumn:
    close = nearest(missing[0], columns)
    if len(missing) == 1:
        sentence = f"There is no column {quoted(missing)}"
    else:
        sentence = f"There are no columns {quoted(missing)}"
    if close and len(missing) == 1:
        sentence += f"; did you mean '{close}'?"
    else:
        sentence += f"; the columns are {listed(columns)}." if columns else "; the table is empty."
    return UnknownColumn(
        sentence, column=missing[0], missing=list(missing), nearest=close, columns=list(columns)
    )


def quoted(names: Sequence[str]) -> str:
    """As they were written, whatever signs they have; a long one by its beginning."""
    return ", ".join(f"'{brief(name)}'" for name in names)


def listed(columns: Sequence[str], most: int = 12) -> str:
    names = ", ".join(columns[:most])
    return names if len(columns) <= most else f"{names} and {len(columns) - most} more"
