"""Who looks at a page, what they may do there, and whether a form is one of ours."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import quote

from flask import Blueprint, Response, current_app, g, redirect, request
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from chat_bridge.domain.logins import Logins, form_token
from chat_bridge.domain.origins import foreign
from chat_bridge.errors import FormExpired, NotAllowed
from chat_bridge.model import Person, SignedIn, Visitor
from control.pages import Pages

SAFE = ("GET", "HEAD", "OPTIONS")
FORM_COOKIE = "cb_form"
FIELD, HEADER = "csrf_token", "X-CSRF-Token"
LOGIN, ACCOUNT = "/login", "/account"
LOGIN_SECONDS = 12 * 3_600
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Gate:
    logins: Logins
    cookie: str
    secure: bool
    public_host: str
    ask: Callable[[str], AnyResponse]

    @property
    def form_cookie(self) -> str:
        return f"__Host-{FORM_COOKIE}" if self.secure else FORM_COOKIE


def attach(page: Blueprint, pages: Pages, ask: Callable[[str], AnyResponse]) -> None:
    """For every page of the application, whichever blueprint it belongs to; `ask` shows the form
    that leads there after the sign-in."""
    settings = pages.settings
    gate = Gate(pages.logins, settings.login_cookie, settings.secure, settings.public_host, ask)

    def keep(state: BlueprintSetupState) -> None:
        state.app.extensions["people"] = gate

    page.record(keep)
    page.add_app_template_global(csrf, "csrf")
    page.add_app_template_global(person, "somebody")
    page.after_app_request(_with_form_cookie)


def current() -> SignedIn | None:
    """Whoever is signed in in this browser."""
    if "signed_in" not in g:
        gate = _gate()
        g.signed_in = gate.logins.signed_in(request.cookies.get(gate.cookie, ""))
    return cast("SignedIn | None", g.signed_in)


def person() -> Person | None:
    found = current()
    return found.person if found else None


def signed_in() -> SignedIn:
    """For views that `requires` has let somebody into."""
    found = current()
    assert found is not None
    return found


def visitor() -> Visitor:
    return Visitor(ip=request.remote_addr, user_agent=request.headers.get("User-Agent"))


def requires(
    role: str, *, even_with_old_password: bool = False, asks_here: bool = False
) -> Callable[[View], View]:
    """Lets in whoever has the role or a higher one: "viewer" reads the console, "operator" acts on
    conversations and jobs, "admin" administers. Whatever changes something needs the form token.
    Where it `asks_here`, the sign-in form itself is the answer."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            found = current()
            if found is None:
                return _gate().ask(request.path) if asks_here else to_login()
            if found.person.must_change_password and not even_with_old_password:
                return redirect(ACCOUNT, 303)
            if not found.person.may(role):
                raise NotAllowed
            check_form()
            return view(*args, **kwargs)

        vars(guarded)["required_role"] = role
        return cast(View, guarded)

    return decorate


def to_login() -> AnyResponse:
    """And from there back to where they were."""
    here = request.full_path.rstrip("?") if request.method in SAFE else request.path
    return redirect(f"{LOGIN}?next={quote(here, safe='')}", 303)


def csrf() -> str:
    """What the form on this page has to carry."""
    found = current()
    return found.csrf if found else form_token(_form_secret())


def check_form() -> None:
    """For whatever changes something: a token of this sign-in (before it: of this browser), and a
    page of ours that sent it."""
    if request.method in SAFE:
        return
    if _from_elsewhere():
        raise FormExpired
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not hmac.compare_digest(given.encode(), csrf().encode()):
        raise FormExpired


def check_first_form() -> None:
    """Before anybody is signed in. A program without a browser's headers has no cookies to
    misuse, so it needs no token."""
    if request.headers.get("Origin") or request.headers.get("Sec-Fetch-Site"):
        check_form()


def sign_in(response: AnyResponse, token: str) -> None:
    _set_cookie(response, _gate().cookie, token, LOGIN_SECONDS)
    g.pop("form_secret", None)


def sign_out(response: AnyResponse) -> None:
    gate = _gate()
    response.delete_cookie(gate.cookie, path="/", secure=gate.secure, httponly=True)


def forget_browser(response: AnyResponse, visitor_cookie: str) -> None:
    """The next person at this browser begins as a guest of their own."""
    secure = _gate().secure
    response.delete_cookie(visitor_cookie, path="/", secure=secure, httponly=True)


def asked_by_hand() -> bool:
    """Whether a person typed this address, or a program asks for it; a link, a picture or a page
    that leads here may be anybody's."""
    told = request.headers.get
    wanted = told("Sec-Fetch-Site", "none") == "none" and "Sec-Purpose" not in request.headers
    return wanted and not told("Accept", "").startswith("image/")


def local(path: str) -> str:
    """An address of ours to go on to; anything else is the front page."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours and len(path) <= 500 and path.isprintable() else "/"


def _gate() -> Gate:
    return cast(Gate, current_app.extensions["people"])


def _from_elsewhere() -> bool:
    own = (request.host, _gate().public_host)
    return foreign(request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site"), own)


def _form_secret() -> str:
    kept = request.cookies.get(_gate().form_cookie, "")
    if len(kept) >= 32:
        return kept
    if "form_secret" not in g:
        g.form_secret = secrets.token_urlsafe(32)
    return str(g.form_secret)


def _with_form_cookie(response: Response) -> Response:
    if "form_secret" in g and response.mimetype == "text/html":
        _set_cookie(response, _gate().form_cookie, str(g.form_secret), None)
    return response


def _set_cookie(response: AnyResponse, name: str, value: str, seconds: int | None) -> None:
    response.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="Strict",
        secure=_gate().secure,
    )  # fmt: skip
