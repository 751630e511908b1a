"""A worker that dies, as by kill -9, at one moment of finishing its first job."""

import os
import sys
from collections.abc import Callable
from typing import Any

from chat_bridge.domain.attachments import Attachments
from chat_bridge.domain.jobs import Jobs
from chat_bridge.domain.outbox import Outbox
from chat_bridge.files import FolderFiles
from chat_bridge.worker.handle import Handler
from tests.faults.quick_worker import main

MOMENTS: dict[str, tuple[type, str]] = {
    "its output is stored": (FolderFiles, "adopt"),
    "the job is ended": (Jobs, "end"),
    "its output is linked": (FolderFiles, "link"),
    "its output is named": (Attachments, "keep_output"),
    "the answer is written": (Outbox, "add"),
    "all is committed": (Handler, "_complete"),
}


def die_after(owner: type, name: str) -> None:
    original: Callable[..., Any] = getattr(owner, name)

    def last(*given: Any, **named: Any) -> None:
        original(*given, **named)
        os._exit(137)

    setattr(owner, name, last)


if __name__ == "__main__":
    die_after(*MOMENTS[sys.argv.pop()])
    main()
