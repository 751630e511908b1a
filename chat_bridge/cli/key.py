import re

import click

from chat_bridge.cli.audit import terminal
from chat_bridge.cli.options import config_option, loaded, opened, told
from chat_bridge.domain import times
from chat_bridge.domain.bridge import Bridge
from chat_bridge.domain.keys import ADMIN_SCOPES, AGENT_SCOPES, PREFIX_LENGTH, SCOPES
from chat_bridge.model import Key

HOUR_MS = 3_600_000
UNITS = {"h": HOUR_MS, "d": 24 * HOUR_MS, "w": 168 * HOUR_MS}
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
        agent_id = bridge.agents.resolve(agent).id if agent else None
        ends = _moment(bridge, expires) if expires else None
        with bridge.store.write():
            secret = bridge.keys.create(name, wanted, agent_id=agent_id, expires_at=ends)
            _note(bridge, "key new", secret[:PREFIX_LENGTH], " ".join(sorted(wanted)))
        click.echo(secret)


@key.command("list")
@config_option
def show(config: str | None) -> None:
    """List keys, without their secrets."""
    bridge = opened(loaded(config))
    for known in bridge.store.keys.all():
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
        with bridge.store.write():
            secret = bridge.keys.rotate(prefix, overlap * 3_600)
            _note(bridge, "key rotate", prefix, secret[:PREFIX_LENGTH])
        click.echo(secret)


@key.command()
@click.argument("prefix")
@config_option
def revoke(prefix: str, config: str | None) -> None:
    """End a key, named by its prefix as `key list` shows it."""
    bridge = opened(loaded(config))
    with told(), bridge.store.write():
        bridge.keys.revoke(prefix)
        _note(bridge, "key revoke", prefix, "revoked")
    click.echo(f"{prefix} is revoked.")


def _note(bridge: Bridge, action: str, prefix: str, after: str) -> None:
    bridge.audit.write(terminal(), action, subject=prefix, after=after)


def _line(bridge: Bridge, key: Key) -> str:
    state = "revoked" if key.revoked_at else "live" if bridge.keys.live(key) else "expired"
    agent = bridge.agents.by_id(key.agent_id).slug if key.agent_id is not None else "every agent"
    parts = [
        f"{key.prefix:<16}  {state:<8} {key.name:<12} {','.join(sorted(key.scopes))}",
        agent,
        f"used {key.last_used_at}" if key.last_used_at else "never used",
        *([f"ends {key.expires_at}"] if key.expires_at else []),
    ]
    return "  ".join(parts)


def _moment(bridge: Bridge, text: str) -> str:
    span = re.fullmatch(r"(\d{1,6})([hdw])", text, re.ASCII)
    now = bridge.clock.now_ms()
    moment = now + int(span[1]) * UNITS[span[2]] if span else times.milliseconds(text)
    if moment is None or not now < moment < times.END:
        raise click.ClickException(f"'{text}' is not a time to come: use 12h, 30d or 2027-01-31.")
    return bridge.clock.text(moment)
