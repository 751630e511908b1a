"""Documentation is a test: whatever can be used has its line, and a test that names it."""

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import click
import pytest

from chat_bridge.api.actions import ACTIONS
from chat_bridge.cli import main
from chat_bridge.client import Client
from chat_bridge.config import KINDS
from chat_bridge.events import EVENT_KINDS
from chat_bridge.workflow import registry
from tests.servers import RunningBridge

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("*/README.md")]
SETTINGS = sorted(KINDS)
OPERATIONS = {operation.name: operation for operation in registry.operations()}


def commands() -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in main.commands.items():
        inner = command.commands if isinstance(command, click.Group) else {}
        found |= {f"{name} {part}": one for part, one in inner.items()} or {name: command}
    return found


@cache
def _all_tests() -> str:
    others = (path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))
    return "\n".join(path.read_text() for path in others)


def everything() -> str:
    return "\n".join(page.read_text() for page in PAGES)


def is_tested(name: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", _all_tests()) is not None


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_documented_and_tested(name: str) -> None:
    assert ACTIONS[name].about
    assert f"| `{name}` |" in (ROOT / "docs/api.md").read_text()
    assert is_tested(name)


@pytest.mark.parametrize("kind", EVENT_KINDS, ids=lambda kind: kind.name)
def test_an_event_is_documented_and_tested(kind: object) -> None:
    name = getattr(kind, "name", "")
    assert f"| `{name}` |" in (ROOT / "docs/api.md").read_text()
    assert is_tested(name)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_documented_and_tested(name: str) -> None:
    lines = (ROOT / "bridge.example.yml").read_text().splitlines()
    at = [n for n, line in enumerate(lines) if re.match(rf"#?\s*{name}:", line)]
    assert len(at) == 1, "bridge.example.yml must have it once"
    said = "#" in lines[at[0]].partition(":")[2] or lines[at[0] - 1].startswith("# ")
    assert said, "it needs a comment, beside or above"
    forms = (f"CHAT_BRIDGE_{name.upper()}", f'"{name}"', f"{name}=")
    assert any(form in _all_tests() for form in forms)


def test_the_example_knows_no_other_settings() -> None:
    named = re.findall(r"^#? ?(\w+):", (ROOT / "bridge.example.yml").read_text(), re.MULTILINE)
    assert sorted(named) == SETTINGS


@pytest.mark.parametrize("name", commands())
def test_a_command_is_documented_and_tested(name: str) -> None:
    command = commands()[name]
    assert command.get_short_help_str()
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help, option.name
    assert f"chat-bridge {name}" in everything()
    assert all(is_tested(word) for word in name.split())


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_documented_and_tested(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation.summary
    assert operation.examples
    assert all(argument.help for argument in operation.arguments)
    assert is_tested(f"/{operation.command}") or is_tested(name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def readme_agent(url: str) -> str:
    """The program that the README shows, for a server at another address."""
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    return str(program).replace("http://127.0.0.1:8001", url)


def test_the_agent_of_the_readme_works_when_pasted(bridge: RunningBridge, tmp_path: Path) -> None:
    pasted = tmp_path / "agent.py"
    pasted.write_text(readme_agent(bridge.url))
    environment = os.environ | {
        "CHAT_BRIDGE_AGENT_KEY": bridge.agent_key,
        "PYTHONPATH": str(ROOT),
    }
    with Client(bridge.url) as visitor:
        session = visitor.open_session(agent="default").session_id
        process = subprocess.Popen([sys.executable, pasted], env=environment)
        try:
            visitor.send(session, "Hello")
            page = visitor.responses(session, wait=20)
        finally:
            process.terminate()
            process.wait(20)
    assert [answer.text for answer in page.responses] == ["You said: Hello"]
    assert process.returncode == 0


def test_nothing_promised_in_the_makefile_is_missing() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    spoken = set(re.findall(r"(?:`|^    )make ([a-z-]+)", everything(), re.MULTILINE))
    assert spoken <= targets


def test_every_threat_and_fault_has_its_proof() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text()
    named = set(re.findall(r"`([\w/]*test_\w+)::(\w+)`", page))
    assert len(named) > 100
    for file, name in named:
        code = (ROOT / "tests" / f"{file}.py").read_text()
        assert re.search(rf"def test_{name}\(", code), f"{file}::{name}"
