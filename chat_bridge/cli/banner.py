"""What a start says: version, address, folders, and what is shown only once."""

import os
import sys
from pathlib import Path

import click

from chat_bridge import __version__
from chat_bridge.app import services
from chat_bridge.config import Settings
from chat_bridge.domain.first_start import FirstStart

FIRST_KEYS = "first-keys.txt"


def show(settings: Settings, first: FirstStart) -> None:
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    click.echo(f"Chat Bridge {__version__}")
    click.echo(f"  chat page    {address}/")
    click.echo(f"  data folder  {settings.data_dir.resolve()}")
    click.echo(f"  logs         {settings.logs.resolve()}")
    keys = [f"  {name} key    {secret}   (shown this once)" for name, secret in first.keys.items()]
    code = f"  set-up code  {first.setup_code}   (for the console's first user, 15 min)"
    _reveal(keys, settings.data_dir / FIRST_KEYS)
    if first.setup_code is None:
        services.forget_code(settings)
    _reveal([code] if first.setup_code else [], settings.data_dir / services.SETUP_CODE_FILE)


def _reveal(secrets: list[str], path: Path) -> None:
    """On a terminal; without one, in a file for the owner of the data folder alone, because what
    is printed then may end up in a log that others read."""
    if not secrets:
        return
    if sys.stdout.isatty():
        click.echo("\n".join(secrets))
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(line.strip() for line in secrets) + "\n")
    click.echo(f"  secrets      in {path.resolve()}")
