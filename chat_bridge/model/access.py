"""Who may use a route, said where the route is. One that says nothing fails the build."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

Policy = Literal[
    "public", "visitor", "key", "local", "stateless", "admin", "administrator", "role", "table"
]
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """`public` is for anybody; `visitor` for a conversation's own visitor, or a key with the scope
    `what`; `key` for a key with that scope, `local` also for whoever is on this machine, as
    `stateless`, which pages of other origins may use too; `admin`
    for an admin key; `administrator` for that or a person who administers; `role` for a signed-in
    person of the role `what` or a higher one; `table` for whomever the action named by the request
    is for."""

    policy: Policy
    what: str = ""

    @property
    def keyed(self) -> bool:
        """Pages of other origins have no business here."""
        return self.policy in ("key", "local", "admin", "administrator", "role")


PUBLIC = Access("public")
ADMIN = Access("admin")
ADMINISTRATOR = Access("administrator")
TABLE = Access("table")


def visitor(scope: str) -> Access:
    return Access("visitor", scope)


def key(scope: str) -> Access:
    return Access("key", scope)


def stateless(scope: str) -> Access:
    return Access("stateless", scope)


def open_to(access: Access) -> Callable[[View], View]:
    def declare(view: View) -> View:
        vars(view)["access"] = access
        return view

    return declare


def access_of(view: Callable[..., Any] | None) -> Access | None:
    """What the view says of itself; a page says it by the role that it requires."""
    said = vars(view) if view is not None else {}
    found: Access | None = said.get("access")
    role = said.get("required_role")
    return found or (Access("role", str(role)) if role else None)
