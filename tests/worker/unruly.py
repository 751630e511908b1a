"""A nursery whose children misbehave in the way the name of their source says."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from chat_bridge.model import Profile
from chat_bridge.worker.inside import Reporter, Task, answer_with
from chat_bridge.worker.nursery import SPAWN, Nursery


def behave(task: Task, _reporter: Reporter) -> Profile:
    return Profile((), 0, (), BEHAVIOURS[task.source.name](task))


def tell(_task: Task) -> dict[str, object]:
    return {
        "environment": dict(os.environ),
        "folder": str(Path.cwd()),
        "leads": os.getpid() == os.getsid(0) == os.getpgid(0),
        "nice": os.nice(0),
        "limits": {
            name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0]
            for name in ("DATA", "CPU", "FSIZE", "CORE", "NOFILE")
        },
        "modules": sorted({"polars", "orjson", "python_calamine"} & set(sys.modules)),
    }


def spin(_task: Task) -> dict[str, object]:
    while True:
        pass


def devour(_task: Task) -> dict[str, object]:
    return {"size": len(b"x" * (2 << 30))}


def breed(task: Task) -> dict[str, object]:
    sleeper = subprocess.Popen(["/bin/sleep", "60"])
    (task.source.path).write_text(str(sleeper.pid))
    time.sleep(60)
    return {}


def abort(_task: Task) -> dict[str, object]:
    os.abort()


def kill(_task: Task) -> dict[str, object]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def flood(_task: Task) -> dict[str, object]:
    Path("flood").write_bytes(b"x" * (1 << 20))
    return {}


def leave(_task: Task) -> dict[str, object]:
    os._exit(3)


BEHAVIOURS = {
    "tell": tell,
    "spin": spin,
    "devour": devour,
    "breed": breed,
    "abort": abort,
    "kill": kill,
    "flood": flood,
    "leave": leave,
}

if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as control:
        control.send(SPAWN)
        Nursery(control, partial(answer_with, behave)).serve()
