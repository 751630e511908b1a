import sys

import click

from chat_bridge.cli.audit import terminal
from chat_bridge.cli.options import config_option, loaded, opened, told
from chat_bridge.domain import times
from chat_bridge.model import ROLES, Person
from chat_bridge.ports import Wanted

AT_ONCE = 500


@click.group()
def user() -> None:
    """Add, list and deactivate people; reset their passwords."""


@user.command()
@click.argument("username")
@click.option("--role", type=click.Choice(ROLES), default="user", show_default=True, help="Role.")
@click.option("--email", help="Their address.")
@click.option("--ask", is_flag=True, help="Ask for the password instead of making one up.")
@config_option
def add(username: str, *, role: str, email: str | None, ask: bool, config: str | None) -> None:
    """Add a person; a password made up here is shown once."""
    bridge = opened(loaded(config))
    with told():
        password = _asked() if ask else None
        _, secret = bridge.accounts.add(username, role, terminal(), email=email, password=password)
    click.echo(f"{username} is {role}.")
    _show(None if ask else secret)


@user.command("list")
@config_option
def show(config: str | None) -> None:
    """List everybody who has an account."""
    bridge = opened(loaded(config))
    last = 0
    while found := bridge.accounts.list(Wanted(after=last, limit=AT_ONCE)):
        for person in found:
            click.echo(_line(person))
        last = found[-1].id


@user.command("reset-password")
@click.argument("username")
@click.option("--ask", is_flag=True, help="Ask for the password instead of making one up.")
@config_option
def reset_password(username: str, *, ask: bool, config: str | None) -> None:
    """Give somebody a new password, to be changed at the next sign-in; it is shown once."""
    bridge = opened(loaded(config))
    with told():
        person = bridge.accounts.named(username)
        password = _asked() if ask else None
        secret = bridge.accounts.reset_password(person.id, terminal(), password=password)
    click.echo(f"{person.username} is signed out everywhere.")
    _show(None if ask else secret)


@user.command()
@click.argument("username")
@config_option
def deactivate(username: str, config: str | None) -> None:
    """Close somebody's account; they are signed out at once."""
    bridge = opened(loaded(config))
    with told():
        person = bridge.accounts.named(username)
        bridge.accounts.deactivate(person.id, terminal())
    click.echo(f"{person.username} is deactivated.")


def _asked() -> str:
    """Twice at a terminal; from a pipe, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _show(secret: str | None) -> None:
    if secret:
        click.echo(f"password  {secret}   (shown this once; to be changed at the first sign-in)")


def _line(person: Person) -> str:
    state = "active" if person.is_active else "deactivated"
    last = (
        f"signed in {times.canonical(person.last_login)}"
        if person.last_login
        else "never signed in"
    )
    return f"{person.username:<20}  {person.role:<9} {state:<12} {person.email or '-'}  {last}"
