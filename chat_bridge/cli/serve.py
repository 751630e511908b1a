import os
import sys

import click

from chat_bridge.cli.options import config_option, prepared


@click.command()
@config_option
def serve(config: str | None) -> None:
    """Run the web processes alone."""
    prepared(config)
    # A process of its own name, so that what it imports is what serving needs.
    os.execv(sys.executable, [sys.executable, "-m", "chat_bridge.wsgi"])
