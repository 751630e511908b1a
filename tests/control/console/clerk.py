"""Somebody who is signed in and uses the console without JavaScript."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chat_bridge.model import Person
from tests.builders import House

BROWSER = {"Origin": "http://localhost"}


class _Forms(HTMLParser):
    """The hidden fields of each form, by its address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._inside: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and values.get("method") == "post":
            self._inside = self.found.setdefault(values["action"], {})
        elif tag == "input" and values.get("type") == "hidden" and self._inside is not None:
            self._inside[values["name"]] = values["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None


@dataclass
class Clerk:
    browser: FlaskClient
    person: Person

    def opens(self, path: str) -> TestResponse:
        return self.browser.get(path)

    def form(self, page: str, action: str) -> dict[str, str]:
        """What a form of a page carries before anybody fills it in."""
        return form_of(self.opens(page).text, action)

    def sends(self, action: str, form: dict[str, str], **more: str) -> TestResponse:
        return self.browser.post(action, data={**form, **more}, headers=BROWSER)

    def does(self, page: str, action: str, **more: str) -> TestResponse:
        return self.sends(action, self.form(page, action), **more)


def form_of(page: str, action: str) -> dict[str, str]:
    forms = _Forms()
    forms.feed(page)
    return dict(forms.found[action])


def words(response: TestResponse) -> str:
    """What a reader sees of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def actions(house: House) -> list[str]:
    """What the people of a test did, after they were given an account."""
    given = ("user add", "sign in")
    return [entry.action for entry in house.audit.entries() if entry.action not in given]


def shown_secret(page: str) -> str:
    """What a page has to take along first."""
    found = re.search(r'data-part="text"[^>]*>([^<]+)</pre>', page)
    assert found is not None
    return found[1]
