"""The budgets of the house. A file or a function over budget is two things in one: split it."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests import measures

ROOT = Path(__file__).parents[1]
FILE_LINES = 300
FUNCTION_LINES = 40
COMPLEXITY = 10
NESTING = 3
PARAMETERS = 6
POSITIONAL = 4
LINES_PER_SUPPRESSION = 500
WEB_LINES = {".js": 150, ".css": 150, ".html": 120}


def files(pattern: str, *folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob(pattern))


def named(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: str(path.relative_to(ROOT)))


PRODUCT = files("*.py", "chat_bridge", "control", "bench")
PYTHON = [*PRODUCT, *files("*.py", "tests")]
SCRIPTS = files("*.js", "static")
TEMPLATES = files("*.html", "templates")
STYLES = files("*.css", "static")
WEB = [*SCRIPTS, *STYLES, *TEMPLATES]
QUERIES = files("*.sql", "db/queries")


@named(PYTHON)
def test_a_file_is_one_noun(path: Path) -> None:
    assert measures.lines(path) <= FILE_LINES


@named(PRODUCT)
def test_functions_keep_their_budgets(path: Path) -> None:
    over = [
        measure
        for measure in measures.functions(path)
        if measure.lines > FUNCTION_LINES
        or measure.complexity > COMPLEXITY
        or measure.nesting > NESTING
        or measure.parameters > PARAMETERS
        or measure.positional > POSITIONAL
    ]
    assert over == []


@named(WEB)
def test_a_page_file_is_short(path: Path) -> None:
    assert measures.lines(path) <= WEB_LINES[path.suffix]


@named(STYLES)
def test_a_style_is_one_declaration_a_line(path: Path) -> None:
    """Within a line budget rules would share lines; so would whoever reads them."""
    assert found(r"[;{}][^\S\n]*[^\s/]", path) == []


@named(SCRIPTS)
def test_scripts_build_nodes_and_never_html(path: Path) -> None:
    forbidden = r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\b|\.on\w+ = "
    assert found(forbidden, path) == []


@named(TEMPLATES)
def test_templates_hold_no_code_and_no_style(path: Path) -> None:
    unsafe = r"\|\s*safe\b|autoescape false|javascript:"
    attributes = r"<[^>]*?\s(?:style|on[a-z]+)\s*="
    body = r"<script(?![^>]*(?:\bsrc=|application/json))[^>]*>"
    assert found(f"{unsafe}|{attributes}|{body}", path) == []


@named(PRODUCT)
def test_python_marks_no_text_as_safe_html(path: Path) -> None:
    """Not even sanitised Markdown: it travels beside the text and is made into nodes."""
    assert found(r"\bMarkup\(|\|safe\b", path) == []


def found(pattern: str, path: Path) -> list[str]:
    """Where in the file, in words a failure can show."""
    text = path.read_text()
    return [
        f"line {text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]


SUPPRESSION = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover)(?P<rest>.*)")
RULES = r"(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[\w,\- ]+\])?"
REASONED = re.compile(rf"^{RULES}\s*[-#:(]+\s*\w+\s+\w+")


def suppressions(path: Path) -> list[str]:
    lines = path.read_text().splitlines() if path.name != Path(__file__).name else []
    return [match["rest"] for line in lines if (match := SUPPRESSION.search(line))]


@named(PYTHON)
def test_a_silenced_warning_says_why(path: Path) -> None:
    assert [rest for rest in suppressions(path) if not REASONED.match(rest)] == []


def test_silenced_warnings_are_rare() -> None:
    silenced = [f"{path.name}:{rest}" for path in PYTHON for rest in suppressions(path)]
    allowed = sum(measures.lines(path) for path in PYTHON) // LINES_PER_SUPPRESSION
    assert len(silenced) <= allowed, silenced


STATEMENT = re.compile(r"^-- name: (?P<name>\w+)\S*\n(?P<next>.*)$", re.MULTILINE)


@named(QUERIES)
def test_every_statement_is_named_and_described(path: Path) -> None:
    text = path.read_text()
    statements = list(STATEMENT.finditer(text))
    assert statements, "no statement has a name"
    assert not text[: statements[0].start()].strip().removeprefix("--").count(";")
    assert [m["name"] for m in statements if not re.match(r"-- \w+", m["next"])] == []


@pytest.fixture(scope="module")
def calls() -> Counter[str]:
    adapters = files("*.py", "chat_bridge/store")
    return Counter(name for path in adapters for name in measures.attributes(path, "sql"))


@named(QUERIES)
def test_every_statement_is_used_once(path: Path, calls: Counter[str]) -> None:
    names = [match["name"] for match in STATEMENT.finditer(path.read_text())]
    assert {name: calls[name] for name in names if calls[name] != 1} == {}


def test_every_statement_that_is_called_exists(calls: Counter[str]) -> None:
    text = "".join(path.read_text() for path in QUERIES)
    assert set(calls) - {match["name"] for match in STATEMENT.finditer(text)} == set()


def test_imports_point_downward() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_commands_and_workers_start_without_a_web_framework() -> None:
    """Each command and each worker would pay for it in time and memory."""
    program = (
        "import chat_bridge.cli, chat_bridge.app.work; import sys; print('flask' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_the_client_needs_the_standard_library_only() -> None:
    """Proved, not promised: in a Python without site-packages."""
    program = "import chat_bridge.client; import sys; print('flask' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-W", "error", "-c", program],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "False\n", done.stderr
