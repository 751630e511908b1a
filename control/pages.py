"""What the pages are made of, and the blueprint that the composition root mounts."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flask import Blueprint, Response, abort, request

from chat_bridge.domain.accounts import Accounts
from chat_bridge.domain.guests import Guests
from chat_bridge.domain.live import LiveSettings
from chat_bridge.domain.logins import Logins
from chat_bridge.model import Agent, Person, Session
from chat_bridge.model.access import PUBLIC, open_to
from control import account, chat, error_pages, founding, people, setup, sign_in, widget
from control.assets import Assets
from control.policy import POLICY

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
FOR_EVER = "public, max-age=31536000, immutable"


class AgentList(Protocol):
    """`chat_bridge.domain.agents.Agents` fits it."""

    def visible_to(self, person: Person | None) -> Sequence[Agent]: ...
    def answering(self, agent: Agent) -> bool: ...


class SessionList(Protocol):
    """`chat_bridge.domain.sessions.Sessions` fits it."""

    def of_browser(self, secret: str, limit: int = 100) -> Sequence[Session]: ...
    def of_person(self, person: Person, secret: str, limit: int = 100) -> Sequence[Session]: ...
    def claim(self, secret: str, person: Person) -> int: ...
    def pinned(self, sessions: Sequence[Session]) -> frozenset[str]: ...


@dataclass(frozen=True)
class PageSettings:
    cookie_name: str
    secure: bool
    max_upload_bytes: int
    accept: tuple[str, ...] = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")
    login_cookie: str = "cb_login"
    public_host: str = ""
    public_url: str = ""
    widget_parents: tuple[str, ...] = ("*",)


@dataclass(frozen=True)
class Pages:
    agents: AgentList
    sessions: SessionList
    logins: Logins
    accounts: Accounts
    guests: Guests
    live: LiveSettings
    assets: Assets
    settings: PageSettings
    templates: Path
    words: Path


def blueprint(pages: Pages) -> Blueprint:
    page = Blueprint("pages", __name__, template_folder=str(pages.templates))
    page.add_app_template_global(pages.assets.url, "asset")
    page.add_app_template_global(pages.assets.modules, "modules")

    @page.get("/static/v-<version>/<path:name>")
    @open_to(PUBLIC)
    def static_file(version: str, name: str) -> Response:
        # An old page may still ask for the last build's files: only this build's are there.
        return _static(pages.assets, name) if version == pages.assets.version else abort(404)

    people.attach(page, pages, lambda wanted: sign_in.form(pages, wanted))
    sign_in.routes(page, pages)
    setup.routes(page, pages)
    account.routes(page, pages)
    chat.routes(page, pages)
    founding.routes(page, pages)
    widget.routes(page, pages)
    page.after_request(lambda response: guarded(response, pages.settings))
    error_pages.register(page, lambda response: guarded(response, pages.settings))
    return page


def guarded(response: Response, settings: PageSettings) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings.secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype == "text/html" and "Content-Encoding" not in response.headers:
        _compress(response)
    return response


def _compress(response: Response) -> None:
    """Nothing a caller sends is echoed beside a secret, so the length gives nothing away."""
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    if request.accept_encodings.quality("gzip"):
        response.set_data(gzip.compress(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"


def _static(assets: Assets, name: str) -> Response:
    asset = assets.find(name)
    if asset is None:
        abort(404)
    compressed = asset.compressed if request.accept_encodings.quality("gzip") else None
    response = Response(compressed or asset.content, content_type=asset.content_type)
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Vary"] = "Accept-Encoding"
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    return response
