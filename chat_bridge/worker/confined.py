from collections.abc import Callable
from pathlib import Path

from chat_bridge.model import Limits, Profile, Progress, Run, RunResult, Source
from chat_bridge.worker import child


class ConfinedEngine:
    """The `local` engine's hands: every run in a confined child of this process."""

    def run(
        self, run: Run, on_progress: Callable[[Progress], None], should_stop: Callable[[], bool]
    ) -> RunResult:
        return child.run_in_child(run, on_progress, should_stop)

    def profile(self, source: Source, limits: Limits, folder: Path) -> Profile:
        return child.profile_in_child(source, limits, folder)

    def warm_up(self) -> None:
        child.warm_up()

    def shut_down(self) -> None:
        child.shut_down()
