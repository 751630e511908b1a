"""Requests that cannot be read to their end."""

from chat_bridge.errors.base import BridgeError
from chat_bridge.errors.requests import BadRequest


class BrokenBody(BadRequest):
    code, text = "broken_body", "The body is not what the headers say of it."


class AddressTooLong(BridgeError):
    code, status = "address_too_long", 414
    text = "The address of the request is longer than this server reads."


class HeadersTooLarge(BridgeError):
    code, status = "headers_too_large", 431
    text = "The headers of the request are larger than this server reads."


class TooSlow(BridgeError):
    code, status, text = "too_slow", 408, "The request did not arrive in time; send it again."
