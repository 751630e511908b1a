"""Regular expressions people write, in the dialect of the engine: it runs in linear time."""

import re

from chat_bridge.errors import BadArgument

LONGEST_PATTERN = 1_000

_REFUSED = (
    (re.compile(r"\(\?[=!]"), "look-ahead"),
    (re.compile(r"\(\?<[=!]"), "look-behind"),
    (re.compile(r"(?<!\\)(?:\\\\)*\\[1-9]"), "a back-reference"),
    (re.compile(r"\(\?P=\w+\)"), "a back-reference"),
    (re.compile(r"\(\?\("), "a conditional group"),
    (re.compile(r"\(\?>|[*+?}]\+"), "an atomic group"),
)
_GROUP = re.compile(r"\\(?:(\d{1,2})|g<(\w+)>|(\\))|\$")


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
            return "\\"
        return f"${{{found.group(1) or found.group(2)}}}"

    return _GROUP.sub(told, text)


def tried(pattern: str, by: str = "") -> str:
    """The same pattern, once the engine has read it; a refusal says what is wrong with it."""
    import polars as pl

    try:
        pl.Series(["x"]).str.replace_all(pattern, by)
    except pl.exceptions.ComputeError as error:
        told = str(error).split("\n\n")[0].splitlines()[-1]
        reason = told.removeprefix("regex error: ").removeprefix("error: ").rstrip(".")
        raise BadArgument(
            f"The pattern '{pattern}' is not a regular expression: {reason}.", argument="pattern"
        ) from None
    return pattern
