"""GET /api/v1/operations: the registry, which palette, help and clients are built from."""

from flask import Blueprint, Response

from chat_bridge.api.envelope import success
from chat_bridge.api.shapes import shape
from chat_bridge.api.shapes.items import OPERATION
from chat_bridge.api.shapes.kinds import many, record
from chat_bridge.model.access import PUBLIC, open_to
from chat_bridge.workflow import registry


def routes(api: Blueprint) -> None:
    @api.get("/api/v1/operations")
    @open_to(PUBLIC)
    @shape("every command", data=record(operations=many(OPERATION)))
    def list_operations() -> Response:
        catalogue = registry.catalogue()
        return success({"operations": catalogue}, total=len(catalogue))
