"""`python -m tests.wire.url_map <folder>`: every route of a whole web process, and what it says of
who may use it. In a process of its own, as a web process arranges the logs of its process."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from chat_bridge.app.services import open_store
from chat_bridge.app.web import web
from chat_bridge.config import Settings
from chat_bridge.model.access import access_of

ROOT = Path(__file__).parents[2]
Written = tuple[str, str, list[str] | None, str | None]


@cache
def read() -> list[Written]:
    """Method, rule, what it says, and the action it stands for."""
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.wire.url_map", folder],
            cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
    return [(method, rule, said, name) for method, rule, said, name in json.loads(done.stdout)]


def main(folder: Path) -> None:
    settings = Settings(data_dir=folder)
    open_store(settings)
    app, _ = web(settings)
    found = []
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        said = [access.policy, access.what] if access else None
        name = (rule.defaults or {}).get("name")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.append([method, rule.rule, said, name])
    print(json.dumps(found))  # noqa: T201 - its output is its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]))
