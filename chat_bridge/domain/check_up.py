"""What `chat-bridge doctor` finds, and how it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chat_bridge.domain import room as rooms

Verdict = Literal["ok", "warning", "failed"]
LOW_SPACE, LOW_SHARE = 512 << 20, 0.05
NO_SPACE = 64 << 20
SOUND_SQLITE = (3, 51, 3)
OLDEST_MOMENT = 1_767_225_600_000  # 2026-01-01: before this program was written
AHEAD_MS = 60_000


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    name: str
    verdict: Verdict
    text: str


def well(findings: Sequence[Finding]) -> bool:
    """Whether nothing keeps the bridge from working; warnings do not."""
    return all(finding.verdict != "failed" for finding in findings)


def versions(python: tuple[int, ...], sqlite: tuple[int, ...], system: str) -> list[Finding]:
    told = ".".join(map(str, sqlite))
    found = [Finding("python", "ok", "Python " + ".".join(map(str, python)))]
    if sqlite < SOUND_SQLITE:
        text = f"SQLite {told}; from 3.51.3 on a rare fault of the write-ahead log is mended"
        found.append(Finding("sqlite", "warning", text))
    else:
        found.append(Finding("sqlite", "ok", f"SQLite {told}"))
    linux = system == "Linux"
    text = system if linux else f"{system} is not supported; Chat Bridge runs on Linux"
    return [*found, Finding("system", "ok" if linux else "failed", text)]


def space(free: int, total: int) -> Finding:
    megabytes = f"{free >> 20:,} MB free"
    if free < NO_SPACE:
        return Finding("disk", "failed", f"{megabytes}; nothing can be stored soon")
    if free < max(LOW_SPACE, int(total * LOW_SHARE)) and free < 20 * LOW_SPACE:
        return Finding("disk", "warning", f"{megabytes}; that is little")
    return Finding("disk", "ok", megabytes)


def room(usage: Mapping[str, Any]) -> list[Finding]:
    """What files take and may take, and what of it somebody should look after."""
    warned = [Finding("room", "warning", text) for text in rooms.warnings(usage)]
    return [Finding("room", "ok", rooms.in_words(usage)), *warned]


def clock(now_ms: int, newest_ms: int | None) -> Finding:
    if now_ms < OLDEST_MOMENT:
        return Finding("clock", "failed", "the clock says a year before this program was written")
    if newest_ms is not None and newest_ms > now_ms + AHEAD_MS:
        seconds = (newest_ms - now_ms) // 1000
        text = f"the newest event is {seconds:,} s ahead of the clock; is it set right?"
        return Finding("clock", "warning", text)
    return Finding("clock", "ok", "the clock is plausible")


def exposure(
    public_url: str, loopback: bool, *, tokens: str, limits: str, hops: int
) -> list[Finding]:
    """What is fine on one's own machine and not on the internet."""
    public = bool(public_url) or not loopback
    found = []
    if public and tokens == "compat":
        text = (
            "session_tokens: compat behind a public address: who knows the id of a conversation "
            "that never used its token can read it; set `required` when no old client needs it"
        )
        found.append(Finding("session_tokens", "warning", text))
    if public_url.startswith("http://"):
        found.append(
            Finding("public_url", "warning", "public_url without https: keys travel in clear")
        )
    if public and limits == "off":
        found.append(Finding("rate_limits", "warning", "rate_limits: off behind a public address"))
    if public_url and not hops:
        text = "trusted_hops: 0 behind a proxy: all visitors share its address and its limits"
        found.append(Finding("trusted_hops", "warning", text))
    if not loopback and not public_url:
        text = "it listens beyond this machine without a public_url; put a proxy with TLS in front"
        found.append(Finding("host", "warning", text))
    return found or [Finding("exposure", "ok", "nothing is open that should not be")]
