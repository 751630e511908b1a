"""Somebody who sends spreadsheets to the operations of a real server."""

import io
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl

from tests.servers import RunningBridge
from tests.wire.caller import Answer, Caller
from tests.workflow.operations.golden import source

Files = Mapping[str, tuple[str, bytes]]
PEOPLE = b"name,city,amount\nAda,Berlin,10\nBob,Rome,9.5\nCyd,Berlin,1000\n"


@dataclass
class Clerk:
    caller: Caller

    def ask(
        self, path: str, files: Files | bytes = PEOPLE, *, key: str = "", **fields: Any
    ) -> Answer:
        """Fields that are not texts travel as JSON; bytes are the one file `people.csv`."""
        parts = {"file": ("people.csv", files)} if isinstance(files, bytes) else files
        boundary = secrets.token_hex(8)
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        headers |= {"Idempotency-Key": key} if key else {}
        body = multipart(boundary, parts, fields)
        return self.caller.call("POST", path, body, headers=headers)

    def get(self, path: str) -> Answer:
        return self.caller.call("GET", path)

    def made(self, answer: Answer) -> Answer:
        """What an operation wrote."""
        url = urlsplit(answer.data["download_url"])
        assert url.netloc == f"127.0.0.1:{self.caller.port}"
        found = self.get(url.path)
        assert found.status == 200, found.body
        return found

    def sheets(self, answer: Answer) -> dict[str, list[list[Any]]]:
        book = openpyxl.load_workbook(io.BytesIO(self.made(answer).body))
        return {
            sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
            for sheet in book.worksheets
        }


def clerk(bridge: RunningBridge) -> Clerk:
    return Clerk(Caller(bridge.port))


def multipart(boundary: str, files: Files, fields: Mapping[str, Any]) -> bytes:
    parts = []
    for name, value in fields.items():
        text = value if isinstance(value, str) else json.dumps(value)
        parts.append(f'name="{name}"\r\n\r\n{text}\r\n'.encode())
    for name, (file, content) in files.items():
        head = f'name="{name}"; filename="{file}"\r\n\r\n'.encode()
        parts.append(head + content + b"\r\n")
    opening = f"--{boundary}\r\nContent-Disposition: form-data; ".encode()
    return b"".join(opening + part for part in parts) + f"--{boundary}--\r\n".encode()


def given(folder: Path, what: Mapping[str, Any]) -> tuple[str, bytes]:
    """The recorded input of a case as an upload."""
    made = source(folder, what)
    return made.name, made.path.read_bytes()
