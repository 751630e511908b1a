"""A list whose state is its address: filters and the place in it are URL parameters, so a link
can be shared and Back works. Pages follow one another by key, never by OFFSET."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from chat_bridge.errors import InvalidField

Row = TypeVar("Row")
LONGEST = 100
PAGE = 50
AFTER = "after"
BETWEEN = "~"


@dataclass(frozen=True)
class Query:
    """What an address asks for; `filters` are the parameters a person may set."""

    path: str
    given: Mapping[str, str]
    filters: tuple[str, ...] = ()

    def text(self, name: str) -> str | None:
        value = self.given.get(name, "").strip()
        if len(value) > LONGEST or "\0" in value:
            raise InvalidField(field=name, reason=f"at most {LONGEST} characters")
        return value or None

    def choice(self, name: str, among: Sequence[str]) -> str | None:
        value = self.text(name)
        if value is not None and value not in among:
            raise InvalidField(field=name, reason="expected one of " + ", ".join(among))
        return value

    def like(self, name: str) -> str | None:
        """A pattern for LIKE … ESCAPE '\\' that finds the words anywhere."""
        value = self.text(name)
        if value is None:
            return None
        for special in ("\\", "%", "_"):
            value = value.replace(special, "\\" + special)
        return f"%{value}%"

    def place(self, parts: int = 1) -> tuple[str, ...] | None:
        """Where the page begins: the key of the last row of the page before."""
        value = self.text(AFTER)
        if value is None:
            return None
        key = tuple(value.split(BETWEEN))
        if len(key) != parts or not _is_number(key[-1]):
            raise InvalidField(field=AFTER, reason="expected what a link of this list holds")
        return key

    @property
    def filtered(self) -> bool:
        return any(self.given.get(name, "").strip() for name in self.filters)

    def url(self, **changes: object) -> str:
        """This address with other parameters; None takes one out, and so begins the list anew."""
        kept = {name: value for name, value in self.given.items() if name != AFTER and value}
        values = kept | {name: value for name, value in changes.items() if value is not None}
        wanted = {name: value for name, value in values.items() if changes.get(name, 0) is not None}
        return f"{self.path}?{urlencode(wanted)}" if wanted else self.path


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """One page of rows and the links around it, as `macros.pager` and `macros.nothing` read it."""

    rows: Sequence[Row]
    next_url: str | None
    first_url: str | None
    clear_url: str | None
    given: Mapping[str, str]
    all_url: str = ""


def listing(
    query: Query, found: Sequence[Row], key: Callable[[Row], Sequence[object]], *, limit: int = PAGE
) -> Listing[Row]:
    """`found` holds one row more than the page when there is a next one."""
    rows = list(found[:limit])
    after = BETWEEN.join(str(part) for part in key(rows[-1])) if len(found) > limit else None
    return Listing(
        rows=rows,
        next_url=query.url(after=after) if after else None,
        first_url=query.url() if query.given.get(AFTER) else None,
        clear_url=query.url(**dict.fromkeys(query.filters)) if query.filtered else None,
        given=query.given,
        all_url=query.url(session=None),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
