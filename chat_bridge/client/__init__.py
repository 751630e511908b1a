"""The Python client of Chat Bridge: needs nothing but the standard library.

`Client` speaks to the bridge call by call, `Agent` answers messages in a loop.
"""

from chat_bridge.client.agent import Agent, Reply
from chat_bridge.client.answer import StreamedAnswer
from chat_bridge.client.client import Client
from chat_bridge.client.errors import (
    BadAnswer,
    ClientClosed,
    ClientError,
    Conflict,
    ConnectionFailed,
    CursorExpired,
    Forbidden,
    LeaseLost,
    NotFound,
    RateLimited,
    Refused,
    ServerFailed,
    Unauthenticated,
)
from chat_bridge.client.retry import Retry
from chat_bridge.client.values import (
    Event,
    FileItem,
    InboxMessage,
    OpenedSession,
    Posted,
    Response,
    ResponsePage,
    Sent,
)

__all__ = [
    "Agent",
    "BadAnswer",
    "Client",
    "ClientClosed",
    "ClientError",
    "Conflict",
    "ConnectionFailed",
    "CursorExpired",
    "Event",
    "FileItem",
    "Forbidden",
    "InboxMessage",
    "LeaseLost",
    "NotFound",
    "OpenedSession",
    "Posted",
    "RateLimited",
    "Refused",
    "Reply",
    "Response",
    "ResponsePage",
    "Retry",
    "Sent",
    "ServerFailed",
    "StreamedAnswer",
    "Unauthenticated",
]
