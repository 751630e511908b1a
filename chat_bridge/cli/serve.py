import os
import sys

import click

from chat_bridge.app import services
from chat_bridge.cli.address import adopt, check_free
from chat_bridge.cli.banner import show
from chat_bridge.cli.options import config_option, inherited, loaded, prepared, prepared_option
from chat_bridge.domain.processes import HALVES

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # the library reads it when it is imported


@click.command()
@config_option
@prepared_option
@click.option(
    "--only",
    type=click.Choice(HALVES),
    help="One half: the API and its sockets (bridge), or the pages for people (control).",
)
def serve(config: str | None, prepared_by: int | None, only: str | None) -> None:
    """Run the web processes alone."""
    settings = loaded(config) if prepared_by is None else inherited(config, prepared_by)
    if prepared_by is None:
        check_free(settings)
        show(settings, prepared(settings))
    adopt()
    os.environ[SHARED] = str(services.metrics_dir(settings, only or "web"))
    # A process of its own name, so that what it imports is what serving needs.
    kind = ["--only", only] if only else []
    os.execv(sys.executable, [sys.executable, "-m", "chat_bridge.wsgi", *kind])
