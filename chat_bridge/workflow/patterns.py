"""Regular expressions people write, in the dialect of the engine: it runs in linear time."""

import re
from typing import TYPE_CHECKING

from chat_bridge.errors import BadArgument
from chat_bridge.workflow.arguments import brief

if TYPE_CHECKING:
    import polars as pl

LONGEST_PATTERN = 1_000

_REFUSED = (
    (re.compile(r"\(\?[=!]"), "look-ahead"),
    (re.compile(r"\(\?<[=!]"), "look-behind"),
    (re.compile(r"(?<!\\)(?:\\\\)*\\[1-9]"), "a back-reference"),
    (re.compile(r"\(\?P=\w+\)"), "a back-reference"),
    (re.compile(r"\(\?\("), "a conditional group"),
    (re.compile(r"\(\?>|[*+?}]\+"), "an atomic group"),
)
_GROUP = re.compile(r"\\(?:(\d{1,2})|g<(\w+)>|([\\ntr]))|\$")
_NAMED = re.compile(r"\$\{(\w+)\}")
_ESCAPES = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r"}
# Escapes, both ends of a class, a class of POSIX, what only the engine reads as an operator, and
# a repetition without its first number.
_PART = re.compile(r"\\.|\[:\^?\w+:\]|\[\^?\]?|\]|&&|~~|\{,(?=\d+\})", re.DOTALL)
_SPELLED = {r"\Z": r"\z", r"\<": "<", r"\>": ">", "{,": "{0,"}
_SPELLED_IN_A_CLASS = {r"\<": "<", r"\>": ">", "&&": r"\&\&", "~~": r"\~\~"}


class Unusable(Exception):
    """Why a parameter cannot be used."""


def pattern(text: str) -> str:
    """A regular expression the engine runs in linear time; what it lacks is refused by name."""
    if len(text) > LONGEST_PATTERN:
        raise Unusable(f"a pattern has at most {LONGEST_PATTERN} characters")
    for shape, what in _REFUSED:
        if shape.search(text):
            raise Unusable(f"the pattern uses {what}, which is not available")
    return text


def replacement(text: str) -> str:
    """`\\1` and `\\g<name>` as the engine writes them."""

    def told(found: re.Match[str]) -> str:
        if found.group() == "$":
            return "$$"
        if found.group(3):
            return _ESCAPES[found.group(3)]
        return f"${{{found.group(1) or found.group(2)}}}"

    return _GROUP.sub(told, text)


def translated(text: str) -> str:
    """What means one thing to people who know Python and another, or nothing, to the engine."""
    inside = False

    def told(found: re.Match[str]) -> str:
        nonlocal inside
        part = found.group()
        if part == "]":
            inside = False
        elif part.startswith("[") and not inside:
            inside = True
            return part.replace("]", r"\]")
        elif part.startswith("[") and not part.startswith("[:"):
            inside = not part.endswith("]")
            return "\\" + part
        return (_SPELLED_IN_A_CLASS if inside else _SPELLED).get(part, part)

    return _PART.sub(told, text)


def tried(pattern: str, by: str = "") -> str:
    """The pattern as the engine reads it, once it has; a refusal says what is wrong with it."""
    import polars as pl

    spelled = translated(pattern)
    try:
        groups = [field.name for field in _groups(pl.Series(["x"]), spelled)]
        pl.Series(["x"]).str.replace_all(spelled, by)
    except pl.exceptions.ComputeError as error:
        told = str(error).split("\n\n")[0].splitlines()[-1]
        reason = told.removeprefix("regex error: ").removeprefix("error: ").rstrip(".")
        if "size limit" in reason:
            raise BadArgument(
                f"The pattern '{brief(pattern)}' repeats too much; make its counts smaller.",
                argument="pattern",
            ) from None
        raise BadArgument(
            f"The pattern '{brief(pattern)}' is not a regular expression: {reason}.",
            argument="pattern",
        ) from None
    known = {*groups, *map(str, range(len(groups) + 1))}
    for name in _NAMED.findall(by.replace("$$", "")):
        if name.removeprefix("0") not in known and name not in known:
            raise BadArgument(
                f"The replacement names the group '{name}', and the pattern has "
                f"{', '.join(groups) or 'none'}.",
                argument="replacement",
            )
    return spelled


def _groups(some: "pl.Series", pattern: str) -> "list[pl.Field]":
    import polars as pl

    found = some.str.extract_groups(pattern).dtype
    return found.fields if isinstance(found, pl.Struct) else []
