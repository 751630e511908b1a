"""People with accounts, as programs and browsers of theirs call a running server."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from chat_bridge.domain.passwords import Passwords
from tests import contract
from tests.servers import RunningBridge

PASSWORD = "blue horses at dawn"


def add(bridge: RunningBridge, name: str, role: str = "user") -> str:
    """An account with `PASSWORD`, as the terminal would make it, without starting a program."""
    row = (name, f"{name}@example.org", Passwords().hash(PASSWORD), role)
    with closing(sqlite3.connect(bridge.data_dir / "bridge.db", timeout=10)) as connection:
        connection.execute(
            "INSERT INTO users (username, email, password_hash, role) VALUES (?, ?, ?, ?)", row
        )
        connection.commit()
    return name


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    cookies: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Session:
    """A program that keeps cookies and the form token, as `requests.Session` would."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        content = None
        if isinstance(body, bytes):
            content = body
        elif body is not None:
            content = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        if self.token and method != "GET":
            sent.setdefault("X-CSRF-Token", self.token)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        with closing(connection):
            connection.request(method, path, content, sent)
            response = connection.getresponse()
            text = response.read().decode()
        contract.check(
            method, path, response.status, response.headers["Content-Type"], text.encode()
        )
        self._keep(response.headers.get_all("Set-Cookie") or [])
        self.token = response.headers.get("X-CSRF-Token") or self.token
        return Answer(response.status, dict(response.headers), text, dict(self.cookies))

    def form(self, path: str, **fields: str) -> Answer:
        kind = "application/x-www-form-urlencoded"
        return self.call("POST", path, urlencode(fields).encode(), Content_Type=kind)

    def sign_in(self, name: str, password: str = PASSWORD) -> "Session":
        entered = self.form("/login", username=name, password=password)
        assert entered.status == 302, entered.text
        (self.token,) = set(re.findall(r'csrf_token" value="(\w+)', self.page("/account")))
        return self

    def page(self, path: str) -> str:
        return self.call("GET", path).text

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in cookie:
                del self.cookies[name]
