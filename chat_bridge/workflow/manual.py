"""Help, written from the registry: what `/help` and `/help extract` answer (Markdown)."""

from typing import Any

from chat_bridge.model import Answer, Button
from chat_bridge.workflow import registry
from chat_bridge.workflow.registry import Argument, Operation

NAMES = ("help", "?", "commands")
FAMILIAR = ("info", "extract", "normalize", "search", "dedupe", "join", "to-xlsx", "to-sql")


def page(topic: str | None) -> Answer:
    return _one(registry.find(topic)) if topic else _all()


def try_it(operation: Operation) -> Button:
    return Button(label=f"/{operation.command}", text=operation.examples[0])


def _all() -> Answer:
    lines = [
        "Attach a spreadsheet (.xlsx, .xls, .ods or .csv), then type a command. I work on the "
        "newest file; `file=` names another, `sheet=` picks a sheet, and `|` chains commands:",
        "",
        "```",
        "/extract columns=name,email | normalize email=email_format | dedupe by=email",
        "```",
        "",
        *(line for group in registry.GROUPS for line in _group(group)),
        "`/help extract` explains one command. `preview=yes` tries a pipeline on the first rows "
        "and keeps nothing. `/again` repeats the last command, with more arguments if you like; "
        "`/save monthly` keeps it as `/monthly`, `/saved` lists what is kept, `/forget monthly` "
        "deletes it. `header_row=3` says where the header is, `sheet=all` takes every sheet. "
        "What begins like a formula is text in the results; `formulas=keep` keeps formulas.",
    ]
    buttons = tuple(
        Button(label=f"Help: {o.command}", text=f"/help {o.command}", action="send")
        for o in map(registry.find, FAMILIAR)
    )
    return Answer("\n".join(lines), buttons)


def _group(group: str) -> list[str]:
    members = [o for o in registry.operations() if o.group == group]
    rows = [f"| `/{o.command}` | {o.summary} |" for o in members]
    return [f"**{group}**", "", "| Command | What it does |", "| --- | --- |", *rows, ""]


def _one(operation: Operation) -> Answer:
    others = ", ".join(f"`/{name}`" for name in operation.commands[1:])
    lines = [
        f"### /{operation.command}",
        f"{operation.summary}." + (f" Also {others}." if others else ""),
        "",
        operation.help,
        "",
        "| Argument | Kind | What it says |",
        "| --- | --- | --- |",
        *(_row(argument) for argument in operation.arguments),
        "",
        "```",
        *operation.examples,
        "```",
    ]
    buttons = tuple(Button(label=text, text=text) for text in operation.examples)
    return Answer("\n".join(lines), buttons)


def _row(argument: Argument) -> str:
    names = f"`{argument.name}`" + "".join(f", `{alias}`" for alias in argument.aliases)
    kind = ", ".join(argument.choices) if argument.choices else argument.type
    facts = argument.help + (" **Needed.**" if argument.required else "")
    if argument.default is not None:
        facts += f" Default: {_shown(argument.default)}."
    return f"| {names} | {kind} | {facts} |"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)
