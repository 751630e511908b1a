"""A route's shape: what it takes and what its `data` is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from chat_bridge.api.shapes.kinds import Schema

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Shape:
    """`data` is the success envelope's; `files` are content types that come instead of it, `form`
    fields of a multipart body, `body` a JSON one."""

    about: str
    data: Schema | None = None
    query: Mapping[str, Schema] = field(default_factory=dict)
    body: Schema | None = None
    form: Schema | None = None
    files: tuple[str, ...] = ()


def shape(about: str, **said: Any) -> Callable[[View], View]:
    def declare(view: View) -> View:
        vars(view)["shape"] = Shape(about, **said)
        return view

    return declare


def shape_of(view: Callable[..., Any] | None) -> Shape | None:
    found: Shape | None = vars(view).get("shape") if view is not None else None
    return found
