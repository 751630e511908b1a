import os
import sys

import click

from chat_bridge.cli.options import config_option, prepared_option, ready


@click.command()
@config_option
@prepared_option
def serve(config: str | None, *, is_prepared: bool) -> None:
    """Run the web processes alone."""
    ready(config, is_prepared=is_prepared)
    # A process of its own name, so that what it imports is what serving needs.
    os.execv(sys.executable, [sys.executable, "-m", "chat_bridge.wsgi"])
