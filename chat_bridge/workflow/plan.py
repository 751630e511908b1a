"""Text to checked steps, or to an answer when there is nothing to run. Pure; no table is opened."""

from collections.abc import Mapping
from typing import Any

from chat_bridge.errors import BadArgument, BadSyntax
from chat_bridge.model import Answer, Plan, Step
from chat_bridge.workflow import dialogue, grammar, manual, registry
from chat_bridge.workflow.arguments import Bound, check, refused, truth
from chat_bridge.workflow.binding import bind
from chat_bridge.workflow.fusing import check_order
from chat_bridge.workflow.grammar import Command

MAX_STEPS = 50
LAST_ROW = 1_048_576
LONGEST_TITLE = 120
KEEP, TEXT = "keep", "text"


def interpret(text: str) -> Plan | Answer:
    """A command becomes a plan; `/help` and plain sentences become an answer."""
    if not grammar.is_command(text):
        return dialogue.answer(text)
    commands = grammar.parse(text, registry.is_verbatim)
    asked = next((command for command in commands if command.name in manual.NAMES), None)
    if asked is not None:
        return manual.page(_topic(asked))
    if len(commands) > MAX_STEPS:
        raise BadSyntax(
            position=commands[MAX_STEPS].position,
            reason=f"a pipeline has at most {MAX_STEPS} steps",
        )
    chosen: dict[str, str] = {}
    steps = tuple(_step(command, chosen) for command in commands)
    check_order(steps)
    return Plan(
        steps,
        file=chosen.get("file"),
        sheet=chosen.get("sheet"),
        header_row=_header_row(chosen.get("header_row"), commands[0]),
        preview=previews(commands[0].name, chosen.get("preview")),
        keep_formulas=keeps_formulas(commands[0].name, chosen.get("formulas")),
    )


def check_step(operation: str, arguments: Mapping[str, Any], bound: Bound | None = None) -> Step:
    """A step asked for by name and plain values, in either vocabulary."""
    found = registry.find(operation)
    checked = check(found, arguments, bound)
    return Step(found.name, checked, _short(found.title(checked)))


def _header_row(said: str | None, command: Command) -> int | None:
    if said is None:
        return None
    if said.strip().lower() in ("none", "no"):
        return 0
    if not said.strip().isdecimal() or not 0 <= int(said) <= LAST_ROW:
        raise refused(
            command.name, "header_row", f"'{said}' is not the number of a row; 0 is no header"
        )
    return int(said)


def previews(command: str, said: Any) -> bool:
    """`preview=yes`: only the first rows, and nothing is kept."""
    found = truth(said) if said is not None else False
    if found is None:
        raise refused(command, "preview", f"'{said}' is neither yes nor no")
    return found


def keeps_formulas(command: str, said: Any) -> bool:
    """`formulas=keep` or `text`, which is what nobody has to say."""
    word = str(said or TEXT).strip().lower()
    if word not in (KEEP, TEXT):
        near = registry.nearest(word, (KEEP, TEXT))
        hint = f"did you mean '{near}'?" if near else f"choose '{KEEP}' or '{TEXT}'"
        raise refused(
            command, "formulas", f"'{said}' is not one of its values; {hint}", value=said,
            nearest=near,
        )  # fmt: skip
    return word == KEEP


def _short(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _step(command: Command, chosen: dict[str, str]) -> Step:
    operation = registry.find(command.name, position=command.position)
    bound = bind(operation, command)
    for word, value in bound.plan.items():
        if chosen.setdefault(word, value) != value:
            raise BadArgument(
                command=operation.command,
                argument=word,
                reason=f"the pipeline already works on '{chosen[word]}'",
                position=bound.positions.get(word, command.position),
            )
    return check_step(operation.name, bound.values, bound)


def _topic(command: Command) -> str | None:
    return str(command.terms[0].values[0].data) if command.terms else None
