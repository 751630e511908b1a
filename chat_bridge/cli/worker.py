import signal
import sys
from types import FrameType

import click

from chat_bridge.app import services
from chat_bridge.cli.options import config_option, inherited, loaded, opened, prepared_option


@click.command()
@config_option
@prepared_option
def worker(config: str | None, prepared_by: int | None) -> None:
    """Run one worker, which carries out the commands people type."""
    from chat_bridge.app import work  # the engine is for this command alone

    settings = loaded(config) if prepared_by is None else inherited(config, prepared_by)
    if prepared_by is None:
        opened(settings)
    running = work.worker(settings)

    def stop(number: int, frame: FrameType | None) -> None:
        running.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    running.run()
    if services.suspect(settings):
        sys.exit(services.SUSPECT_EXIT)
