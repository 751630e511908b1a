"""One worker process."""

from chat_bridge import logs
from chat_bridge.app.services import build
from chat_bridge.config import Settings
from chat_bridge.domain.upkeep import Upkeep
from chat_bridge.model import Limits
from chat_bridge.store import SqliteStore
from chat_bridge.store.checkpoint import Checkpointer
from chat_bridge.worker.confined import ConfinedEngine
from chat_bridge.worker.loop import Worker


def worker(settings: Settings) -> Worker:
    logs.configure("worker", settings.logs, settings.log_level)
    bridge = build(settings, "worker")
    limits = Limits(wall_seconds=settings.job_seconds, cpu_seconds=settings.job_seconds)
    upkeep = Upkeep(
        bridge.store,
        bridge.files,
        bridge.clock,
        bridge.sessions,
        bridge.attachments,
        bridge.inbox,
        bridge.streams,
        bridge.settings.live,
        bridge.calls,
    )
    assert isinstance(bridge.store, SqliteStore)
    Checkpointer(bridge.store.database).start()
    made = Worker(bridge, ConfinedEngine(), limits, upkeep)
    bridge.store.database.suspicion.leave = made.stop
    return made
