import click

from chat_bridge.cli.options import config_option, loaded, opened
from chat_bridge.domain.keys import ADMIN_SCOPES, AGENT_SCOPES, SCOPES
from chat_bridge.errors import BridgeError


@click.group()
def key() -> None:
    """Make, list and revoke API keys."""


@key.command()
@click.argument("name")
@click.option("--agent", help="Bind the key to one agent (its slug or id).")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="Repeatable.")
@click.option("--admin", is_flag=True, help="A key that may do everything.")
@config_option
def new(
    name: str, agent: str | None, scopes: tuple[str, ...], *, admin: bool, config: str | None
) -> None:
    """Make a key; it is shown once."""
    bridge = opened(loaded(config))
    try:
        agent_id = bridge.agents.resolve(agent).id if agent else None
    except BridgeError as error:
        raise click.ClickException(str(error)) from error
    wanted = ADMIN_SCOPES if admin else frozenset(scopes) or AGENT_SCOPES
    click.echo(bridge.keys.create(name, wanted, agent_id=agent_id))


@key.command("list")
@config_option
def show(config: str | None) -> None:
    """List keys, without their secrets."""
    for known in opened(loaded(config)).store.keys.all():
        state = "revoked" if known.revoked_at else "live"
        scopes = ",".join(sorted(known.scopes))
        click.echo(f"{known.prefix}  {state:<8} {known.name:<12} {scopes}")


@key.command()
@click.argument("prefix")
@config_option
def revoke(prefix: str, config: str | None) -> None:
    """End a key, named by its prefix as `key list` shows it."""
    bridge = opened(loaded(config))
    with bridge.store.write():
        done = bridge.store.keys.revoke(prefix, now=bridge.clock.now())
    if not done:
        raise click.ClickException(f"There is no live key with the prefix '{prefix}'.")
    click.echo(f"{prefix} is revoked.")
