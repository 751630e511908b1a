"""What may happen between the bytes of a request and its place in the queue."""

import io
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import IO, Any

import pytest
from flask import Request, Response
from werkzeug.test import EnvironBuilder

from chat_bridge.api.operations.asking import Asking
from chat_bridge.api.operations.endpoints import ENDPOINTS
from chat_bridge.domain.attachments import Attachments
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.calls import Calls
from chat_bridge.model import Blob, NewCall
from chat_bridge.ports import Wait
from tests.api.test_links import DOOR
from tests.builders import House, new_house

ROWS = b"name\nAda\n"


class Queue:
    """Answers with what the request would wait for."""

    def hold(self, environ: Mapping[str, Any], wait: Wait) -> Response:
        return Response(wait.topic)


def bridge_of(house: House) -> Bridge:
    parts = {part.name: getattr(house, part.name, None) for part in fields(Bridge)}
    return Bridge(**parts | {"door": replace(DOOR, local=True, max_upload_bytes=1 << 20)})


def asked(house: House) -> Response:
    environ = EnvironBuilder(
        "/csv/info", method="POST", data={"file": (io.BytesIO(ROWS), "people.csv")},
        environ_overrides={"REMOTE_ADDR": "127.0.0.1"},
    ).get_environ()  # fmt: skip
    asking = Asking(bridge_of(house), Queue(), ENDPOINTS["/csv/info"])
    with Request(environ) as request:
        return asking.answer(request)


def held(house: House, answer: Response) -> bytes:
    """What the job will read."""
    job = house.jobs.find(answer.get_data(as_text=True))
    _, source, _ = house.calls.run_of(job)
    return source.path.read_bytes()


def test_bytes_erased_with_an_earlier_call_are_stored_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier call with the same file ends just as this one has received its own."""
    house = new_house(tmp_path)
    submit, tries = Calls.submit, []

    def meanwhile(calls: Calls, new: NewCall) -> str:
        tries.append(new)
        if len(tries) == 1:
            house.attachments.discard(new.files[0].blob.sha256)
        return submit(calls, new)

    monkeypatch.setattr(Calls, "submit", meanwhile)
    answer = asked(house)
    assert (answer.status_code, len(tries)) == (200, 2)
    assert held(house, answer) == ROWS


def test_bytes_erased_before_they_are_looked_at_are_stored_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = new_house(tmp_path)
    receive, tries = Attachments.receive, []

    def meanwhile(attachments: Attachments, stream: IO[bytes]) -> Blob:
        blob = receive(attachments, stream)
        tries.append(blob)
        if len(tries) == 1:
            house.attachments.discard(blob.sha256)
        return blob

    monkeypatch.setattr(Attachments, "receive", meanwhile)
    answer = asked(house)
    assert (answer.status_code, len(tries)) == (200, 2)
    assert held(house, answer) == ROWS
