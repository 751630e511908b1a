"""A plain HTTP caller: what old clients and hostile ones put on the wire, byte for byte."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from typing import Any
from urllib.parse import quote, urlencode

from tests import contract
from tests.servers import RunningBridge

SECONDS = 20.0
Body = bytes | str | Mapping[str, Any] | list[Any] | None


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value

    @property
    def data(self) -> dict[str, Any]:
        assert self.status == 200, self.body
        data = self.json["data"]
        assert isinstance(data, dict)
        return data

    @property
    def error(self) -> str:
        return str(self.json["error"])


@dataclass
class Caller:
    """One person or program; `headers` go with every call."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def call(
        self, method: str, path: str, body: Body = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        content = body if isinstance(body, bytes | str | None) else json.dumps(body)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(
                method,
                path,
                content.encode() if isinstance(content, str) else content,
                {**self.headers, **(headers or {})},
            )
            answer = connection.getresponse()
            found = Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        contract.check(method, path, found.status, found.headers["Content-Type"], found.body)
        if found.status == 405:
            allowed = str(found.headers["Allow"]).split(", ")
            assert {"GET", "POST", "PUT", "DELETE"} & {*allowed}, f"{method} {path}: {allowed}"
            assert method not in allowed
        return found

    def get(self, action: str, **query: object) -> Answer:
        return self.call("GET", f"/api/v1/?{urlencode({'action': action, **query})}")

    def post(self, action: str, body: Body) -> Answer:
        return self.call("POST", f"/api/v1/?action={action}", body)

    def say(self, session: str, text: str, **more: object) -> Answer:
        return self.post("messages", {"session_id": session, "message": text, **more})

    def reply(self, session: str, text: str, **more: object) -> Answer:
        return self.post("outbox", {"session_id": session, "response": text, **more})

    def upload(self, session: str, name: str, content: bytes) -> Answer:
        """`name` goes into the header as it is, in UTF-8."""
        boundary = "ada-and-grace"
        part = (
            f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''"
            f"{quote(name, safe='')}\r\n\r\n"
        ).encode()
        body = part + content + f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self.call("POST", f"/api/v1/sessions/{session}/files", body, headers=kind)

    def raw(self, request: bytes, *, close: bool = False) -> bytes:
        """Sends bytes as they are; `close` ends our side at once."""
        with socket.create_connection(("127.0.0.1", self.port), SECONDS) as peer:
            peer.sendall(request)
            if close:
                peer.shutdown(socket.SHUT_WR)
            found = b""
            while chunk := peer.recv(65_536):
                found += chunk
            return found


def visitor(bridge: RunningBridge) -> Caller:
    return Caller(bridge.port)


def agent(bridge: RunningBridge) -> Caller:
    return Caller(bridge.port, {"Authorization": f"Bearer {bridge.agent_key}"})


def admin(bridge: RunningBridge) -> Caller:
    return Caller(bridge.port, {"Authorization": f"Bearer {bridge.admin_key}"})
