"""What the agent says to a plain sentence: what it can do, and the commands that come nearest.
A suggested plan to confirm belongs here too, once the session keeps one."""

from chat_bridge.model import Answer, Button
from chat_bridge.workflow import intents, manual, registry
from chat_bridge.workflow.registry import Operation

HELP = frozenset({"help", "?", "/?", "commands"})
FAMILIAR = ("extract", "normalize", "search", "dedupe", "to-xlsx")
MOST_BUTTONS = 4


def answer(text: str) -> Answer:
    sentence = text.strip()
    if sentence.lower().rstrip("!. ") in HELP or not sentence:
        return manual.page(None)
    near = _nearest(sentence)
    shown = near or [registry.find(name) for name in FAMILIAR]
    opening = (
        "That sounds like one of these; pick one and put in your columns:"
        if near
        else "I work on spreadsheets. Attach an .xlsx or .csv file and tell me what to do:"
    )
    lines = [opening, ""]
    lines += [f"- `{o.examples[0]}` — {o.summary[0].lower()}{o.summary[1:]}" for o in shown]
    lines += ["", "`/help` lists every command."]
    buttons = (*map(manual.try_it, shown[:MOST_BUTTONS]), Button("Help", "/help", "send"))
    return Answer("\n".join(lines), buttons)


def _nearest(sentence: str) -> list[Operation]:
    """Registered operations in the order of the intents a sentence sounds like."""
    known = {name: o for o in registry.operations() for name in (o.name, *o.aliases)}
    ranked = [
        known[name]
        for score in intents.rank(sentence)
        for name in score.intent.operations
        if name in known
    ]
    if "duplicate" in sentence.lower():
        ranked.insert(0, known["deduplicate"])
    return list({operation.name: operation for operation in ranked}.values())[:MOST_BUTTONS]
