"""A form of the console on its way in: acted on once, refusals shown beside what was written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Response, request

from chat_bridge.domain.forms import Forms
from chat_bridge.errors import BridgeError, FormIncomplete, InvalidField
from control.console.frame import Shell

FORM_KEY = re.compile(r"[\w-]{16,64}", re.ASCII)


@dataclass(frozen=True)
class Done:
    """What to say, and where; `undo` is where a form takes it back."""

    path: str
    text: str
    undo: str = ""


@dataclass(frozen=True)
class Typed:
    """What was written into a form, and what is wrong with it, by field; "" is all of it."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def refused(cls, error: BridgeError, **fields: str) -> "Typed":
        """As this request wrote it; `fields` says which field an error code is about."""
        values = {name: given for name, given in request.form.items() if "password" not in name}
        if isinstance(error, InvalidField):
            name, reason = str(error.details["field"]), str(error.details["reason"])
            return cls(values, {name: f"This is not valid: {reason}."})
        return cls(values, {fields.get(error.code, ""): error.message})


def once(shell: Shell, act: Callable[[], Done], *, apart: bool = False) -> Response:
    """`apart` is for what cannot be one transaction, such as deleting files."""
    form_key = request.form.get("form_key", "")
    if not FORM_KEY.fullmatch(form_key):
        raise FormIncomplete(reason="This form has no key: open the page again.")
    forms: Forms = shell.bridge.office.forms
    run = forms.once_apart if apart else forms.once

    def told() -> str:
        done = act()
        return f"{done.path}\t{done.undo}\n{done.text}"

    where, _, text = run(f"{request.path} {form_key}", told).partition("\n")
    path, _, undo = where.partition("\t")
    return shell.done(path, text, undo=undo)


def once_shown(
    shell: Shell, act: Callable[[], tuple[Done, str]], show: Callable[[str], Response]
) -> Response:
    """For what makes a secret: it is on the answer and kept nowhere. Whoever sends the form again
    makes no second one, and is told where the first is."""
    made: list[str] = []

    def told() -> Done:
        done, secret = act()
        made.append(secret)
        return done

    again = once(shell, told, apart=True)
    return show(made[0]) if made else again


def text(name: str, *, most: int, what: str) -> str:
    """A field that must hold something; line ends as everybody writes them."""
    value = request.form.get(name, "").replace("\r\n", "\n").strip()
    if not value:
        raise FormIncomplete(reason=f"{what} is empty.")
    if len(value) > most:
        raise FormIncomplete(reason=f"{what} is longer than {most:,} characters.")
    return value
