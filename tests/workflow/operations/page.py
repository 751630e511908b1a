"""docs/operations.md, written from the registry with examples that really ran.

To write it anew: `make docs`.
"""

import csv
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from chat_bridge.model import Output, RunResult
from chat_bridge.workflow import registry
from chat_bridge.workflow.registry import Argument, Operation
from tests.workflow.operations.curl import addresses, curl
from tests.workflow.operations.running import Files, written

PAGE = Path(__file__).parents[3] / "docs/operations.md"
PEOPLE: Files = {
    "name": ["Ann Lee", "Bob O'Neil", "Ann Lee"],
    "email": ["ANN@x.com", "bob@x.com", "ann@x.com"],
    "city": ["Berlin", None, "Berlin"],
    "amount": ["120", "9.5", "1000"],
    "joined": ["2024-01-15", "01.02.2024", "soon"],
}
PHONES: Files = {"email": ["bob@x.com"], "phone": ["030 123456"]}
EARLIER: Files = {
    "name": ["Ann Lee", "Cy Young"],
    "email": ["ann@x.com", "cy@x.com"],
    "city": ["Berlin", "Rome"],
}
FILES = {"people.csv": PEOPLE, "phones.csv": PHONES}
# Where the first example of an operation speaks of columns this table does not have.
OTHERS = {
    "diff": "/diff name with=earlier.csv",
    "filter": "/filter amount * 2 > 200 and joined is not blank",
    "search": "/search (city=Berlin or name~bob) amount>9",
    "validate": "/validate city=required joined=date amount=range:10..500",
    "map": "/map Name=name Town=city",
    "rename": "/rename amount=paid",
    "drop": "/drop email,joined",
    "concat": "/concat name,city into=who by=', '",
    "sample": "/sample 2 first",
    "paste": "/paste name=phone",
    "paste-preview": "/paste-preview name=phone",
    "dedupe": "/dedupe by=name",
    "normalize": "/normalize email=email_format joined=date",
}
TOLD = ("validate", "diff")  # they say something beside their file
OPENING = """# Operations

Every operation is a command (`/search city=Berlin`), a step of a pipeline (`|` between commands)
and a step of a workflow by its wire name (`{"operation": "excel/search", "arguments": {...}}`).
Cells are text and stay what they are; a blank cell is blank, not an empty text. An operation that
answers leaves the table as it is for the next step; one that writes JSON or SQL is the last.
Column names match in any letter case; an unknown one is refused with the nearest that is there.

Each has an address for `POST` below `/api/v1` too ([api.md](api.md#operations)); there `/excel/…`
and `/csv/…` read either kind of file; where a table stays one, they write a workbook and a CSV.

This page is written by `make docs` from the registry, and every example ran.
"""


def page() -> str:
    parts = [OPENING, *map(_group, registry.GROUPS), "## Examples\n", _sample()]
    return "\n".join([*parts, *map(_example, registry.operations())]).rstrip() + "\n"


def _group(group: str) -> str:
    rows = [
        f"| `/{o.command}` | {', '.join(f'`{name}`' for name in (o.name, *o.aliases))} "
        f"| {addresses(o)} | {o.summary} | {' '.join(map(_argument, o.arguments))} |"
        for o in registry.operations()
        if o.group == group
    ]
    heads = ["| command | step | address | what it does | arguments |", "|---|---|---|---|---|"]
    return "\n".join([f"## {group}", "", *heads, *rows, ""])


def _argument(argument: Argument) -> str:
    names = "/".join(argument.names)
    return f"**`{names}`**" if argument.required else f"`{names}`"


def _sample() -> str:
    return "The file of the examples, `people.csv`:\n\n" + _table(PEOPLE)


def _table(columns: Files) -> str:
    rows = [list(columns), ["---"] * len(columns), *zip(*columns.values(), strict=True)]
    return "\n".join(f"| {' | '.join(_cell(c or '') for c in row)} |" for row in rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _example(operation: Operation) -> str:
    command = OTHERS.get(operation.command, operation.examples[0])
    with TemporaryDirectory() as folder:
        files = {**FILES, "earlier.csv": EARLIER} if "earlier" in command else FILES
        result = written(Path(folder), command, files)
        shown = [_output(output) for output in result.outputs] or [_answer(result)]
        if operation.command in TOLD:
            shown.insert(0, _answer(result))
    title = f"### /{operation.command}\n\n{operation.help}\n\n```\n{command}\n```\n"
    request = f"```sh\n{curl(operation, command)}\n```\n"
    return "\n".join([title, *shown, request])


def _answer(result: RunResult) -> str:
    return f"{result.summary}\n"


def _output(output: Output) -> str:
    if output.path.suffix in (".sql", ".json", ".txt"):
        text = output.path.read_bytes().decode().strip()
        text = re.sub(r"(Generated at: ).*", r"\1…", text)
        return f"```{output.path.suffix[1:]}\n{text}\n```\n"
    if output.path.suffix == ".csv":
        with output.path.open(encoding="utf-8", newline="") as file:
            heads, *rows = csv.reader(file)
    else:
        preview = output.preview or {}
        heads, rows = [column["name"] for column in preview["columns"]], preview["rows"]
    return _table({head: [row[at] for row in rows] for at, head in enumerate(heads)})


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
