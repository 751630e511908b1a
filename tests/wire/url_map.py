"""`python -m tests.wire.url_map <folder>`: every route of a whole web process, and what it says of
who may use it. In a process of its own, as a web process arranges the logs of its process."""

import json
import sys
from pathlib import Path

from chat_bridge.app import open_store, web
from chat_bridge.config import Settings
from chat_bridge.model.access import access_of


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
