from pathlib import Path

import click

from chat_bridge.cli.audit import terminal
from chat_bridge.cli.options import config_option, loaded, opened
from chat_bridge.domain.imports import KINDS, Imports
from chat_bridge.errors import BridgeError
from chat_bridge.store.php import PhpFile


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Count what is new and change nothing.")
@config_option
def import_(file: Path, *, dry_run: bool, config: str | None) -> None:
    """Copy the conversations of a PHP bridge into ours; twice is as good as once."""
    bridge = opened(loaded(config))
    imports = Imports(bridge.store, bridge.clock, bridge.audit)
    try:
        found = imports.run(PhpFile(file), terminal(), str(file.resolve()), dry_run=dry_run)
    except BridgeError as error:
        raise click.ClickException(str(error)) from error
    for kind in KINDS:
        click.echo(f"{kind}: {found.new[kind]} of {found.total[kind]} new")
    click.echo("Nothing was changed." if dry_run else "Imported.")
