import click

from chat_bridge.cli.audit import terminal
from chat_bridge.cli.options import config_option, loaded, opened, told
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.keys import ADMIN_SCOPES, AGENT_SCOPES, SCOPES
from chat_bridge.model import Key

LONGEST_HOURS = 87_600


@click.group()
def key() -> None:
    """Make, list, rotate and revoke API keys."""


@key.command()
@click.argument("name")
@click.option("--agent", help="Bind the key to one agent (its slug or id).")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="Repeatable.")
@click.option("--admin", is_flag=True, help="A key that may do everything.")
@click.option("--expires", help="When it ends: 12h, 30d, 8w, or 2027-01-31.")
@config_option
def new(
    name: str,
    *,
    agent: str | None,
    scopes: tuple[str, ...],
    admin: bool,
    expires: str | None,
    config: str | None,
) -> None:
    """Make a key; it is shown once."""
    bridge = opened(loaded(config))
    wanted = ADMIN_SCOPES if admin else frozenset(scopes) or AGENT_SCOPES
    with told():
        click.echo(bridge.keyring.issue(terminal(), name, wanted, agent=agent, expires=expires))


@key.command("list")
@config_option
def show(config: str | None) -> None:
    """List keys, without their secrets."""
    bridge = opened(loaded(config))
    for known in bridge.keyring.list():
        click.echo(_line(bridge, known))


@key.command()
@click.argument("prefix")
@click.option(
    "--overlap",
    type=click.FloatRange(0, LONGEST_HOURS),
    default=24,
    show_default=True,
    help="Hours for which the old key works beside the new one.",
)
@config_option
def rotate(prefix: str, overlap: float, config: str | None) -> None:
    """Make a successor of a key; it is shown once, and the old one ends by itself."""
    bridge = opened(loaded(config))
    with told():
        click.echo(bridge.keyring.rotate(terminal(), prefix, overlap * 3_600))


@key.command()
@click.argument("prefix")
@config_option
def revoke(prefix: str, config: str | None) -> None:
    """End a key, named by its prefix as `key list` shows it."""
    bridge = opened(loaded(config))
    with told():
        bridge.keyring.revoke(terminal(), prefix)
    click.echo(f"{prefix} is revoked.")


def _line(bridge: Bridge, key: Key) -> str:
    agent = bridge.keyring.agent(key) or "every agent"
    state = bridge.keyring.state(key)
    parts = [
        f"{key.prefix:<16}  {state:<8} {key.name:<12} {','.join(sorted(key.scopes))}",
        agent,
        f"used {key.last_used_at}" if key.last_used_at else "never used",
        *([f"ends {key.expires_at}"] if key.expires_at else []),
    ]
    return "  ".join(parts)
