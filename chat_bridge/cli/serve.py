import os
import sys

import click

from chat_bridge.cli.address import check_free
from chat_bridge.cli.banner import show
from chat_bridge.cli.options import config_option, inherited, loaded, prepared, prepared_option


@click.command()
@config_option
@prepared_option
def serve(config: str | None, prepared_by: int | None) -> None:
    """Run the web processes alone."""
    if prepared_by is None:
        settings = loaded(config)
        check_free(settings)
        show(settings, prepared(settings))
    else:
        inherited(config, prepared_by)
    # A process of its own name, so that what it imports is what serving needs.
    os.execv(sys.executable, [sys.executable, "-m", "chat_bridge.wsgi"])
