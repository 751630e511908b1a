"""Every request that docs/operations.md shows is sent to a real server."""

import re
import shlex
from pathlib import Path

import pytest

from tests.api.operations.caller import Clerk
from tests.workflow.operations.curl import SERVER
from tests.workflow.operations.page import EARLIER, FILES, PAGE
from tests.workflow.operations.running import write_csv

REQUESTS = re.findall(r"```sh\n(curl .*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def named(request: str) -> str:
    return request.rpartition(SERVER)[2]


@pytest.mark.parametrize("request_", REQUESTS, ids=named)
def test_a_request_of_the_page_is_answered(request_: str, ada: Clerk, tmp_path: Path) -> None:
    _, *words = shlex.split(request_.replace("\\\n", " "))
    *options, url = words
    parts = [part for part in options if part != "-F"]
    files, fields = {}, {}
    for name, value in (part.split("=", 1) for part in parts):
        if value.startswith("@"):
            columns = {**FILES, "earlier.csv": EARLIER}[value[1:]]
            files[name] = (value[1:], write_csv(tmp_path / "file.csv", columns).read_bytes())
        else:
            fields[name] = value
    answer = ada.ask(url.removeprefix(SERVER), files, **fields)
    assert answer.status == 200, answer.body
    if "download_url" in answer.data:
        assert ada.made(answer).body
    assert answer.data.get("warnings", []) == [] or "joined" in str(answer.data["warnings"])


def test_every_operation_has_its_request() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(REQUESTS) == len(re.findall(r"^### /", text, re.MULTILINE))
