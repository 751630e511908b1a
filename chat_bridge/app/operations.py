"""What operations over HTTP are given: how many at a time, for how long, and for whom."""

from urllib.parse import urlsplit

from chat_bridge.config import Settings
from chat_bridge.domain.attachments import Attachments
from chat_bridge.domain.bridge import LOOPBACK
from chat_bridge.domain.calls import Calls
from chat_bridge.domain.jobs import Jobs
from chat_bridge.ports import Wakeup


def calls(settings: Settings, jobs: Jobs, *, attachments: Attachments, wakeup: Wakeup) -> Calls:
    return Calls(
        jobs.store,
        attachments.files,
        jobs.clock,
        wakeup,
        jobs,
        attachments,
        kept_seconds=settings.result_hours * 3600,
        most=settings.max_operations,
        most_of_one=max(1, settings.max_operations // 4),
    )


def serves_this_machine(settings: Settings) -> bool:
    """Bound to this machine alone, and not told that people come from elsewhere."""
    outside = urlsplit(settings.public_url).hostname if settings.public_url else None
    return all(host.strip("[]") in LOOPBACK for host in (settings.host, outside or "127.0.0.1"))
