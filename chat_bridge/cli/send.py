import time

import click

from chat_bridge.cli.connection import connected
from chat_bridge.client import Client, Response

PATIENCE = 300.0
ANSWERS = ("text", "result", "error")


@click.command
@click.argument("text")
@connected
@click.option("--agent", help="Whom to write to; the session's own agent by default.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="Attach a file; may be repeated.",
)
@click.option("--wait", is_flag=True, help="Print the answers; five minutes without one is a 1.")
def send(
    text: str,
    *,
    client: Client,
    session_id: str | None,
    agent: str | None,
    files: tuple[str, ...],
    wait: bool,
) -> None:
    """Write a message as a visitor; without --session, open a new session first."""
    session_id = session_id or _opened(client, agent)
    before = client.responses(session_id).cursor
    names = [client.send_file(session_id, path).name for path in files]
    sent = client.send(session_id, text, agent=agent, attachments=names)
    click.echo(f"message {sent.message_id} sent", err=True)
    if wait and not _print_answers(client, session_id, before):
        raise click.ClickException("Nobody has answered; the message is kept.")


def _opened(client: Client, agent: str | None) -> str:
    opened = client.open_session(agent)
    click.echo(f"--session {opened.session_id} --token {opened.session_token}", err=True)
    return opened.session_id


def _print_answers(client: Client, session_id: str, cursor: str) -> bool:
    """Up to and including the first real answer; notes of tools and of the system pass by."""
    give_up = time.monotonic() + PATIENCE
    while (left := give_up - time.monotonic()) > 0:
        page = client.responses(session_id, cursor, wait=min(30.0, left))
        cursor = page.cursor
        for response in page.responses:
            click.echo(_shown(response))
        if any(response.kind in ANSWERS for response in page.responses):
            return True
    return False


def _shown(response: Response) -> str:
    links = [f"  {item.name}: {item.download_url}" for item in response.attachments]
    broken = ["(incomplete)"] if response.metadata.get("incomplete") else []
    return "\n".join([response.text, *broken, *links])
