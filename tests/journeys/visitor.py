"""A visitor on the wire: nothing is tried again by itself."""

import http.client
import itertools
import json
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tests import contract

Json = dict[str, Any]
ENDED = frozenset({"completed", "failed", "cancelled", "dead"})
BOUNDARY = "a-line-that-no-file-holds"


@dataclass(frozen=True)
class Told:
    """One answer of the server, whatever its status."""

    status: int
    body: bytes
    seconds: float

    @property
    def json(self) -> Json:
        found: Json = json.loads(self.body)
        return found

    @property
    def data(self) -> Json:
        assert self.status == 200, self.body
        found: Json = self.json["data"]
        return found


def call(
    url: str,
    method: str,
    path: str,
    *,
    body: bytes | Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> Told:
    """One request on a connection of its own; OSError or HTTPException when it breaks."""
    content = body if isinstance(body, bytes | None) else json.dumps(dict(body)).encode()
    began = time.monotonic()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)
    try:
        connection.request(method, path, content, dict(headers or {}))
        answer = connection.getresponse()
        received = answer.read()
    finally:
        connection.close()
    told = Told(answer.status, received, time.monotonic() - began)
    contract.check(method, path, answer.status, answer.headers["Content-Type"], received)
    return told


def action(name: str, **query: object) -> str:
    given = {key: value for key, value in query.items() if value is not None}
    return f"/api/v1/?{urlencode({'action': name, **given})}"


class Visitor:
    """Somebody with one conversation."""

    def __init__(self, url: str, agent: str | None = "sheets") -> None:
        self.url = url
        opened = call(url, "POST", "/api/v1/sessions", body={"agent_id": agent}).data
        self.session_id: str = opened["session_id"]
        self.token: str = opened["session_token"]

    def call(
        self, method: str, path: str, body: bytes | Mapping[str, Any] | None = None, **kind: str
    ) -> Told:
        headers = {"X-Session-Token": self.token, **kind}
        return call(self.url, method, path, body=body, headers=headers)

    def say(
        self, text: str, *, attachments: Sequence[str] = (), client_msg_id: str | None = None
    ) -> Json:
        body = {
            "session_id": self.session_id,
            "message": text,
            "client_msg_id": client_msg_id or secrets.token_hex(8),
            "attachments": list(attachments),
        }
        return self.call("POST", action("messages"), body).data

    def command(self, text: str, **more: Any) -> str:
        """Types a command; the id of its job."""
        job_id: str = self.say(text, **more)["job_id"]
        return job_id

    def try_upload(self, name: str, content: bytes) -> Told:
        disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        head, foot = f"--{BOUNDARY}\r\n{disposition}\r\n\r\n", f"\r\n--{BOUNDARY}--\r\n"
        body = head.encode() + content + foot.encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.call("POST", self._path("files"), body, **{"Content-Type": kind})

    def upload(self, name: str, content: bytes) -> Json:
        item: Json = self.try_upload(name, content).data["files"][0]
        return item

    def file(self, name: str) -> Json:
        return next(item for item in self.files() if item["name"] == name)

    def files(self) -> list[Json]:
        found: list[Json] = self.call("GET", self._path("files")).data["files"]
        return found

    def download(self, name: str) -> bytes:
        told = self.call("GET", self._path(f"files/{quote(name)}"))
        assert told.status == 200, told.body
        return told.body

    def job(self, job_id: str) -> Json:
        return self.call("GET", f"/api/v1/jobs/{job_id}").data

    def events(self, cursor: str = "0", wait: float = 0) -> tuple[list[Json], str]:
        query = action("events", session_id=self.session_id, cursor=cursor, wait=wait)
        page = self.call("GET", query).data
        return page["events"], page["cursor"]

    def every_event(self, seconds: float = 60) -> Iterator[Json]:
        """From the first one on, as they come, until the time is up."""
        cursor, end = "0", time.monotonic() + seconds
        while time.monotonic() < end:
            events, cursor = self.events(cursor, wait=min(5.0, max(end - time.monotonic(), 0.1)))
            yield from events

    def await_event(self, kind: str, seconds: float = 60, *, nth: int = 1) -> Json:
        found = (event for event in self.every_event(seconds) if event["kind"] == kind)
        event = next(itertools.islice(found, nth - 1, None), None)
        assert event is not None, f"no {kind} within {seconds} s"
        return event

    def ended(self, job_id: str, seconds: float = 60) -> Json:
        """The job when it has come to an end."""
        for event in self.every_event(seconds):
            told = event["data"].get("job", {}).get("job_id") == job_id
            if told and (job := self.job(job_id))["status"] in ENDED:
                return job
        raise AssertionError(f"not ended within {seconds} s: {self.job(job_id)}")

    def run(self, text: str, **more: Any) -> Json:
        return self.ended(self.command(text, **more))

    def responses(self) -> list[Json]:
        query = action("responses", session_id=self.session_id)
        found: list[Json] = self.call("GET", query).data["responses"]
        return found

    def answers_to(self, job_id: str) -> list[Json]:
        return [item for item in self.responses() if item["metadata"].get("job_id") == job_id]

    def _path(self, rest: str) -> str:
        return f"/api/v1/sessions/{self.session_id}/{rest}"


@dataclass(frozen=True)
class Desk:
    """An agent on the wire, with a key; `old` polls and answers as the first clients did."""

    url: str
    key: str

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Told:
        return call(
            self.url, method, path, body=body, headers={"Authorization": f"Bearer {self.key}"}
        )

    def inbox(self, **query: object) -> list[Json]:
        found: list[Json] = self.call("GET", action("inbox", **query)).data["messages"]
        return found

    def ack(self, *messages: Json) -> Told:
        receipts = [message["receipt"] for message in messages]
        return self.call("POST", action("ack"), {"receipts": receipts})

    def reply(self, message: Json, text: str, **more: Any) -> Told:
        body = {"session_id": message["session_id"], "message_id": message["id"], "response": text}
        return self.call("POST", action("outbox"), body | more)
