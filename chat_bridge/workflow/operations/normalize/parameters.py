"""Parameters of rules: typed, and in the dialect of the engine (dates, regular expressions)."""

import re
from typing import Any

from chat_bridge.workflow.operations.normalize.kinds import Parameter
from chat_bridge.workflow.patterns import Unusable, pattern

MOST_DECIMALS = 15
DIRECTIVES = frozenset("YyCmdbBhaAeHkIlMSpPfjuwUWGgVDFTRxXcsn%")
WORDS = {"YYYY": "%Y", "YY": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "DD": "%d", "D": "%-d"}
CLOCK = {"HH": "%H", "mm": "%M", "ss": "%S"}

_LAYOUT_WORD = re.compile("|".join(sorted({**WORDS, **CLOCK}, key=len, reverse=True)))
_DIRECTIVE = re.compile(r"%([-0_]?)(.?)", re.DOTALL)


def read(parameter: Parameter, value: Any) -> Any:
    if value is None:
        value = parameter.default
    if parameter.name == "pattern":
        return None if value is None else pattern(str(value))
    if parameter.name == "format":
        return layout(str(value))
    readers = {
        "integer": _decimals,
        "number": _multiple,
        "boolean": _truth,
        "list": _words,
        "text": _text,
    }
    if parameter.type == "choice":
        return _choice(parameter, value)
    return readers[parameter.type](value)


def layout(text: str) -> str:
    """A date format with % codes; DD.MM.YYYY and its like are translated."""
    if "%" not in text:
        text = _LAYOUT_WORD.sub(lambda found: {**WORDS, **CLOCK}[found.group()], text)
    if "%" not in text:
        raise Unusable(f"'{text}' is not a date format; write %Y-%m-%d or YYYY-MM-DD")
    for _, code in _DIRECTIVE.findall(text):
        if code not in DIRECTIVES or not code:
            raise Unusable(f"'%{code}' is not a code of a date format")
    return text


def _decimals(value: Any) -> int:
    number = _number(value)
    if not number.is_integer() or not 0 <= number <= MOST_DECIMALS:
        raise Unusable(f"'{value}' is not a whole number from 0 to {MOST_DECIMALS}")
    return int(number)


def _number(value: Any) -> float:
    try:
        number = float("nan" if isinstance(value, bool) else value)
    except (TypeError, ValueError):
        number = float("nan")
    if not abs(number) < float("inf"):
        raise Unusable(f"'{value}' is not a number")
    return number


def _multiple(value: Any) -> float:
    number = _number(value)
    if number < 0:
        raise Unusable(f"'{value}' is less than 0")
    return number


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise Unusable(f"'{value}' is neither true nor false")


def _words(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [_text(item).lower() for item in items]


def _text(value: Any) -> str:
    if isinstance(value, (list, dict)):
        raise Unusable("it is one value")
    return str(value)


def _choice(parameter: Parameter, value: Any) -> str:
    word = str(value).strip().lower()
    if word not in parameter.choices:
        raise Unusable(f"'{value}' is not one of {', '.join(parameter.choices)}")
    return word
