import click

from chat_bridge.cli.audit import terminal
from chat_bridge.cli.options import config_option, loaded, opened
from chat_bridge.domain.snapshots import KEPT
from chat_bridge.errors import BridgeError


@click.command()
@click.option(
    "--keep",
    type=click.IntRange(1, 1000),
    default=KEPT,
    show_default=True,
    help="How many snapshots stay, this one included.",
)
@config_option
def backup(keep: int, config: str | None) -> None:
    """Take a snapshot of the database while it is in use; the uploaded files lie in `blobs`."""
    bridge = opened(loaded(config))
    try:
        taken = bridge.snapshots.take(terminal(), keep)
    except BridgeError as error:
        raise click.ClickException(str(error)) from error
    click.echo(bridge.snapshots.path(taken.name))
