"""Absolute addresses come from a host we trust; from any other they are relative."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from chat_bridge.api import guards
from chat_bridge.domain.bridge import Bridge, Door

DOOR = Door(
    public_url="",
    trusted_hosts=("chat.example.org", "10.0.0.5:8001"),
    strict_hosts=False,
    cors_origins=("*",),
    max_message_chars=10,
    max_body_bytes=10,
    max_outbox_bytes=10,
    max_upload_bytes=10,
    logs=Path("logs"),
)


def base(host: str, door: Door = DOOR) -> str:
    environ = EnvironBuilder(path="/api/v1/").get_environ()
    environ["HTTP_HOST"] = host
    bridge = Bridge(door, *[None] * (len(fields(Bridge)) - 1))  # type: ignore[arg-type]  # only the door is looked at
    return guards.links(bridge, Request(environ)).base


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8001", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:8001",
     "chat.example.org", "chat.example.org:8443", "10.0.0.5:8001"],
)  # fmt: skip
def test_a_trusted_host_is_taken(host: str) -> None:
    assert base(host).removesuffix(":80") == f"http://{host}".removesuffix(":80")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "10.0.0.5", "10.0.0.5:9000", "localhost.evil.example", "evil.example:8001",
     "127.0.0.1:8001@evil.example", "127.0.0.1:@evil.example", "localhost:evil.example",
     "localhost:80/evil.example", "[::1]:80@evil.example", "[::1].evil.example", "localhost:",
     "localhost:80:90", "", "chat.example.org:80#.evil.example"],
)  # fmt: skip
def test_any_other_is_not(host: str) -> None:
    assert "evil" not in base(host)
    assert base(host) in ("", "http://localhost")


def test_the_public_url_wins() -> None:
    door = replace(DOOR, public_url="https://chat.example.org")
    for host in ("localhost", "evil.example"):
        assert base(host, door) == "https://chat.example.org"
