"""A real worker that loses its lease in a second instead of fifteen: tests need not wait."""

from chat_bridge import cli
from chat_bridge.domain import jobs
from chat_bridge.worker import loop


def main() -> None:
    """Hurries this process only: whoever imports the module keeps the true times."""
    jobs.LEASE_MS = 1_500
    jobs.RETRY_DELAY_MS = 50
    loop.BEAT_SECONDS = 0.3
    loop.LOOK_SECONDS = 0.1
    cli.main()


if __name__ == "__main__":
    main()
