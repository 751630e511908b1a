"""GET /api/v1/operations: the registry, which palette, help and clients are built from."""

from flask import Blueprint, Response

from chat_bridge.api.envelope import success
from chat_bridge.workflow import registry


def routes(api: Blueprint) -> None:
    @api.get("/api/v1/operations")
    def list_operations() -> Response:
        catalogue = registry.catalogue()
        return success({"operations": catalogue}, total=len(catalogue))
