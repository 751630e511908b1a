import signal
from types import FrameType

import click

from chat_bridge import app
from chat_bridge.cli.options import config_option, prepared_option, ready


@click.command()
@config_option
@prepared_option
def worker(config: str | None, *, is_prepared: bool) -> None:
    """Run one worker, which carries out the commands people type."""
    settings = ready(config, is_prepared=is_prepared)
    running = app.worker(settings)

    def stop(number: int, frame: FrameType | None) -> None:
        running.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    running.run()
