import getpass

import click

from chat_bridge.cli.options import config_option, loaded, opened
from chat_bridge.errors import AuditBroken


def terminal() -> str:
    """Who changes something from here."""
    try:
        return f"terminal {getpass.getuser()}"
    except (KeyError, OSError):  # a container's user without a name
        return "terminal"


@click.group()
def audit() -> None:
    """Read and check the log of what administrators changed."""


@audit.command("list")
@config_option
def show(config: str | None) -> None:
    """List every change: when, who, what, before and after."""
    for entry in opened(loaded(config)).audit.entries():
        change = f"{entry.before or '-'} -> {entry.after or '-'}"
        click.echo(f"{entry.created_at}  {entry.actor}  {entry.action}  {entry.subject}  {change}")


@audit.command()
@config_option
def verify(config: str | None) -> None:
    """Say whether every entry is still as it was written."""
    try:
        count, last = opened(loaded(config)).audit.verify()
    except AuditBroken as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} entries, unbroken; the last hash is {last}")
