"""A real worker that loses its lease in a second instead of fifteen: tests need not wait."""

from chat_bridge.cli import main
from chat_bridge.domain import jobs
from chat_bridge.worker import loop

jobs.LEASE_MS = 1_500
jobs.RETRY_DELAY_MS = 50
loop.BEAT_SECONDS = 0.3
loop.LOOK_SECONDS = 0.1

if __name__ == "__main__":
    main()
