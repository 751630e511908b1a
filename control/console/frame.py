"""What surrounds every page of the console: the menu with its counts, who is signed in, what was
done a moment ago."""

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, redirect, render_template, request

from chat_bridge import __version__
from chat_bridge.domain import times
from chat_bridge.domain.bridge import Bridge
from chat_bridge.model import Person
from control.console.areas import MENU, Group
from control.console.checks import Check, checks
from control.people import csrf, signed_in

FLASH = "cb_done"
FLASH_SECONDS = 60
LONGEST_FLASH = 300


@dataclass(frozen=True)
class Flash:
    """`undo` is where a form takes back what was done."""

    text: str
    state: str
    undo: str = ""


@dataclass(frozen=True)
class Frame:
    """`area` is the part of the menu a page belongs to, `now` the server's clock, `up_since` when
    the oldest web process began."""

    area: str
    menu: tuple[Group, ...]
    counts: Mapping[str, int]
    person: Person
    csrf: str
    flash: Flash | None
    version: str
    sqlite: str
    up_since: str | None
    checks: Sequence[Check]
    now: str
    now_ms: int

    @property
    def troubles(self) -> Sequence[str]:
        """Why this place is not well; empty where it is."""
        return [f"{one.name}: {one.reason}" for one in self.checks if not one.good]

    def path(self, area: str, otherwise: str) -> str:
        """Where a part of the console lies, for whoever may see it."""
        found = (one.path for group in self.menu for one in group.areas if one.name == area)
        return next(found, otherwise)

    def since(self, moment: str | None) -> str:
        """How long ago, as a number and a unit."""
        began = times.milliseconds(moment or "")
        return "never" if began is None else times.span((self.now_ms - began) // 1000)

    def form_key(self) -> str:
        """A new one for every form that is shown: whoever sends it twice acts once."""
        return secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Shell:
    bridge: Bridge
    secure: bool

    def show(self, template: str, area: str, *, status: int = 200, **values: Any) -> Response:
        frame = self._frame(area)
        body = render_template(f"console/{template}", frame=frame, **values)
        response = make_response(body, status)
        if request.cookies.get(FLASH):
            response.delete_cookie(FLASH, path="/admin")
        return response

    def done(self, path: str, text: str, state: str = "good", *, undo: str = "") -> Response:
        """After a form: to the page that shows what it did, which says so once."""
        response = make_response(redirect(path, 303))
        told = json.dumps([text[:LONGEST_FLASH], state, undo]).encode()
        response.set_cookie(
            FLASH, base64.urlsafe_b64encode(told).decode(), max_age=FLASH_SECONDS, path="/admin",
            httponly=True, samesite="Strict", secure=self.secure,
        )  # fmt: skip
        return response

    def _frame(self, area: str) -> Frame:
        person = signed_in().person
        clock = self.bridge.clock
        now = clock.now_ms()
        return Frame(
            area=area,
            menu=tuple(
                Group(group.title, [one for one in group.areas if person.may(one.role)])
                for group in MENU
            ),
            counts=self._counts(),
            person=person,
            csrf=csrf(),
            flash=_flash(request.cookies.get(FLASH)),
            version=__version__,
            sqlite=self.bridge.store.version(),
            up_since=self.bridge.processes.up_since(),
            checks=checks(self.bridge),
            now=clock.text(now),
            now_ms=now,
        )

    def _counts(self) -> Mapping[str, int]:
        dead = sum(group.count for group in self.bridge.dead_letters.groups())
        return {"inbox": self.bridge.office.desk.count().unassigned, "dead-letters": dead}


def _flash(cookie: str | None) -> Flash | None:
    try:
        text, state, undo = map(str, json.loads(base64.urlsafe_b64decode(cookie or "")))
    except (ValueError, TypeError):
        return None
    undo = undo if undo.startswith("/admin/") else ""
    return Flash(text[:LONGEST_FLASH], "bad" if state == "bad" else "good", undo)
