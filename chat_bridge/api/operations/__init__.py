"""Operations over HTTP: one address each, downloads of what they make, and what there is."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, request

from chat_bridge.api.envelope import success
from chat_bridge.api.operations.asking import Asking
from chat_bridge.api.operations.downloads import download
from chat_bridge.api.operations.endpoints import ENDPOINTS, PREFIXES
from chat_bridge.api.operations.shaping import shaped
from chat_bridge.api.shapes import Shape, shape
from chat_bridge.api.shapes.items import OPERATION
from chat_bridge.api.shapes.kinds import FREE, TEXT, many, record
from chat_bridge.domain.bridge import Bridge
from chat_bridge.model.access import PUBLIC, Access, open_to, stateless
from chat_bridge.ports import Waiting
from chat_bridge.workflow import registry
from chat_bridge.workflow.operations.normalize import TYPES
from chat_bridge.workflow.operations.scripts.dialects import DIALECTS

OPERATE = "operate "  # how the names of these routes begin
BINARY = Shape("what an operation made", files=("*/*",))
TYPE_LIST = Shape("every rule of a normalization, with what it does", data=FREE)
DATABASE_LIST = Shape("whose SQL can be written", data=record(databases=many(TEXT)))


def routes(api: Blueprint, bridge: Bridge, waiting: Waiting) -> None:
    @api.get("/api/v1/operations")
    @open_to(PUBLIC)
    @shape("every command", data=record(operations=many(OPERATION)))
    def list_operations() -> Response:
        catalogue = registry.catalogue()
        return success({"operations": catalogue}, total=len(catalogue))

    def types() -> Response:
        return success(TYPES, total=len(TYPES))

    def databases() -> Response:
        return success({"databases": list(DIALECTS)})

    def result(name: str) -> Response:
        return download(bridge, name)

    for path, endpoint in ENDPOINTS.items():
        view = _operating(Asking(bridge, waiting, endpoint))
        asked = Route(path, OPERATE + path, "POST", stateless("files"), shaped(endpoint))
        _add(api, asked, view)
    _add(api, Route("/normalization/types", "types", "GET", PUBLIC, TYPE_LIST), types)
    _add(api, Route("/sql/databases", "databases", "GET", PUBLIC, DATABASE_LIST), databases)
    made = Route("/files/downloads/<path:name>", "result", "GET", PUBLIC, BINARY)
    _add(api, made, result)


def _operating(asking: Asking) -> Callable[[], Response]:
    """A function: the limiter asks each view for its name, which a partial has not."""

    def operate() -> Response:
        return asking.answer(request)

    return operate


@dataclass(frozen=True)
class Route:
    path: str
    name: str
    method: str
    access: Access
    shape: Shape


def _add(api: Blueprint, route: Route, view: Callable[..., Response]) -> None:
    """Below every prefix, with a slash at the end or without."""
    vars(view).update(access=route.access, shape=route.shape)
    for prefix in PREFIXES:
        api.add_url_rule(
            f"{prefix}{route.path}",
            route.name,
            view,
            methods=[route.method],
            strict_slashes=False,
        )
