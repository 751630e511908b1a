"""What a child may use, set by itself before it touches anybody's file."""

import contextlib
import ctypes
import os
import resource
import signal

from chat_bridge.model import Limits

_OPEN_FILES = 128
_CPU_GRACE = 5
_NICE = 10
_PR_SET_PDEATHSIG = 1
_CLONE_NEWNET = 0x40000000


def confine(limits: Limits) -> None:
    """RLIMIT_DATA, not RLIMIT_AS: Polars maps a CSV as a whole, which costs no memory."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.nice(_NICE)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_DATA, limits.memory)
    _limit(resource.RLIMIT_FSIZE, limits.output_bytes)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + _CPU_GRACE)


def leave_network() -> None:
    """Only root may; children of the nursery then see no network at all."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET)


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    _, ceiling = resource.getrlimit(kind)
    wanted = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        wanted = min(wanted, ceiling)
    resource.setrlimit(kind, (min(soft, wanted), wanted))
