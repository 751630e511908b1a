import json
from dataclasses import asdict

import click

from chat_bridge.cli.connection import connected
from chat_bridge.client import Client, Event

# What to say of an event that carries a whole item.
TOLD = {
    "message": ("message",),
    "response": ("response",),
    "job": ("job_id", "status", "error"),
}
OF_A_PIECE = ("stream", "response_id", "delta")


@click.command
@connected
@click.option("--cursor", help="Start after this event; 0 is the oldest kept.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def tail(*, client: Client, session_id: str | None, cursor: str | None, as_json: bool) -> None:
    """Print events as they happen, of one session or of all, until Ctrl-C."""
    for event in client.events(session_id, cursor):
        click.echo(json.dumps(asdict(event)) if as_json else line(event))


def line(event: Event) -> str:
    """Time, session, kind, and the one fact of it that says most."""
    time = event.created_at[11:19] or "--:--:--"
    return f"{time}  {event.session_id}  {event.kind:<17} {_fact(event)}".rstrip()


def _fact(event: Event) -> str:
    noun = event.kind.partition(".")[0]
    if event.kind == "response.delta":
        return _short(" ".join(str(event.data.get(name) or "") for name in OF_A_PIECE))
    item = event.data.get(noun)
    facts = {n: item.get(n) for n in TOLD.get(noun, ())} if isinstance(item, dict) else event.data
    plain = {n: v for n, v in facts.items() if v and not isinstance(v, dict | list)}
    if len(plain) == 1:
        return _short(str(next(iter(plain.values()))))
    return _short(" ".join(f"{name}={value}" for name, value in plain.items()))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 120 else text[:119] + "…"
