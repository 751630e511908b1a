"""The settings of ours with their help: the words are those of `bridge.example.yml`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields

from chat_bridge.config import ROOT, Settings
from chat_bridge.domain.configuration import KnownSetting

GROUP = re.compile(r"# -- (?P<title>[^(]+)")
LINE = re.compile(r"(?P<name>\w+):[^#]*#\s*(?P<about>.*)")
MORE = re.compile(r"\s+#\s*(?P<about>.*)")
KEYS = ("admin_key", "agent_key")


def known_settings(settings: Settings) -> Sequence[KnownSetting]:
    defaults = {field.name: field.default for field in fields(Settings)}
    return [
        KnownSetting(
            name=name,
            group=group,
            about=about,
            default=_text(defaults[name]),
            value="" if name in KEYS else _text(getattr(settings, name)),
            source=settings.sources.get(name, ""),
        )
        for name, group, about in explained()
    ]


def explained() -> Iterator[tuple[str, str, str]]:
    """Each setting's name, group and help, in the order of the example."""
    group, name, about = "", "", ""
    for line in (ROOT / "bridge.example.yml").read_text(encoding="utf-8").splitlines():
        if name and (more := MORE.fullmatch(line)):
            about += " " + more["about"]
            continue
        if name:
            yield name, group, about.strip()
            name = ""
        if title := GROUP.match(line):
            group = title["title"].strip().capitalize()
        elif found := LINE.fullmatch(line):
            name, about = found["name"], found["about"]
    if name:
        yield name, group, about.strip()


def _text(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
