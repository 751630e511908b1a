"""A form of the console on its way in: acted on once, refusals shown beside what was written."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, request

from chat_bridge.domain.forms import Forms
from chat_bridge.errors import FormIncomplete
from control.console.frame import Shell

FORM_KEY = re.compile(r"[\w-]{16,64}", re.ASCII)


@dataclass(frozen=True)
class Done:
    """What to say, and where."""

    path: str
    text: str


def once(shell: Shell, act: Callable[[], Done], *, apart: bool = False) -> Response:
    """`apart` is for what cannot be one transaction, such as deleting files."""
    form_key = request.form.get("form_key", "")
    if not FORM_KEY.fullmatch(form_key):
        raise FormIncomplete(reason="This form has no key: open the page again.")
    forms: Forms = shell.bridge.office.forms
    run = forms.once_apart if apart else forms.once

    def told() -> str:
        done = act()
        return f"{done.path}\n{done.text}"

    path, _, text = run(f"{request.path} {form_key}", told).partition("\n")
    return shell.done(path, text)


def text(name: str, *, most: int, what: str) -> str:
    """A field that must hold something; line ends as everybody writes them."""
    value = request.form.get(name, "").replace("\r\n", "\n").strip()
    if not value:
        raise FormIncomplete(reason=f"{what} is empty.")
    if len(value) > most:
        raise FormIncomplete(reason=f"{what} is longer than {most:,} characters.")
    return value
