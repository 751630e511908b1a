"""What the process that starts children has ready."""

import json
import subprocess
import sys
from pathlib import Path

LATE = """
import importlib, json, sys
from pathlib import Path
from chat_bridge.worker import inside
from chat_bridge.worker.nursery import PRELOADED
for name in PRELOADED:
    importlib.import_module(name)
from chat_bridge.model import Limits, Run, Source
from chat_bridge.workflow.plan import interpret
ready = set(sys.modules)
folder = Path(sys.argv[1])
source = Source(folder / "people.csv", "people.csv")
files = {"other.csv": Source(source.path, "other.csv")}
class Silent:
    def report(self, _):
        pass
for command in sys.argv[2:]:
    inside.carry_out(Run(interpret(command), source, folder, files), Silent())
inside.carry_out(inside.Profiling(source, Limits(), folder), Silent())
print(json.dumps(sorted(set(sys.modules) - ready)))
"""
COMMANDS = (
    "/info", "/describe", "/values city", "/validate name=required", "/search city=Berlin",
    "/filter length(name) > 1", "/normalize name=upper,regex pattern=A", "/summarise city",
    "/diff with=other.csv on=name", "/to-xlsx", "/to-json", "/to-sql",
    '/json-template template={"a":"{name}"}', "/sql-template template={name}",
)  # fmt: skip


def test_a_child_imports_nothing_before_it_works(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("name,city\nAnn,Berlin\nBob,Rome\n")
    done = subprocess.run(
        [sys.executable, "-c", LATE, str(tmp_path), *COMMANDS],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == []
