"""What the OpenAPI document says, tried on a real server by somebody who has read nothing else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests import contract
from tests.servers import RunningBridge, serving

SECONDS = 15
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance",
)  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBridge]:
    """A server whose conversations and settings are the test's own to spoil."""
    with serving(tmp_path_factory.mktemp("schema")) as running:
        yield running


def impatient() -> dict[str, Any]:
    """The document, but for long polls and streams, which would take the whole time."""
    document = deepcopy(contract.document())
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation["parameters"]:
                if parameter["name"] == "wait":
                    parameter["schema"] |= {"maximum": 0.1}
            operation["responses"]["200"]["content"].pop("text/event-stream", None)
    return document


@pytest.mark.parametrize("who", ["admin", "agent", "nobody"])
def test_what_it_says_is_true(own: RunningBridge, tmp_path: Path, who: str) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(impatient()))
    (tmp_path / "schemathesis.toml").write_text("")
    secret = {"admin": own.admin_key, "agent": own.agent_key}.get(who)
    key = ("--header", f"Authorization: Bearer {secret}") if secret else ()
    done = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml",
            "run", "openapi.json", "--url", own.url, "--checks", ",".join(CHECKS),
            "--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--seed", "1",
            "--max-time", str(SECONDS), "--request-timeout", "20", "--max-failures", "5",
            "--suppress-health-check", "all", "--warnings", "off", "--no-shrink", "--no-color",
            *key,
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=170,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
