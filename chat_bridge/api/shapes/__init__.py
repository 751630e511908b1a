"""What goes over the wire, as JSON Schema: each route says it where it is, the OpenAPI document
is put together from that."""

from chat_bridge.api.shapes.shape import Shape, shape, shape_of

__all__ = ["Shape", "shape", "shape_of"]
