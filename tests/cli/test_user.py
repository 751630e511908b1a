"""People are added, listed, deactivated and given new passwords from the terminal."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.programs import environment, run

PASSWORD = "blue horses at dawn"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path)


def piped(*command: str, env: dict[str, str], said: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "chat_bridge", *command]
    return subprocess.run(program, env=env, input=said, capture_output=True, text=True)


def line_of(name: str, env: dict[str, str]) -> str:
    listed = run("user", "list", env=env).stdout.splitlines()
    return " ".join(next(line for line in listed if line.startswith(name)).split())


def test_a_person_from_add_to_deactivate(env: dict[str, str]) -> None:
    made = run("user", "add", "grace", "--role", "admin", "--email", "g@example.org", env=env)
    assert (made.returncode, made.stderr) == (0, "")
    first = next(line for line in made.stdout.splitlines() if line.startswith("password")).split()
    assert line_of("grace", env) == "grace admin active g@example.org never signed in"
    again = run("user", "add", "Grace", env=env)
    assert (again.returncode, "already exists" in again.stderr) == (1, True)
    reset = run("user", "reset-password", "grace", env=env)
    assert (reset.returncode, first[1] in reset.stdout) == (0, False)
    last = run("user", "deactivate", "grace", env=env)
    assert (last.returncode, "last administrator" in last.stderr) == (1, True)
    assert run("user", "add", "ada", env=env).returncode == 0
    assert run("user", "deactivate", "ada", env=env).stdout == "ada is deactivated.\n"
    assert line_of("ada", env).startswith("ada user deactivated")
    noted = run("audit", "list", env=env).stdout
    assert all(word in noted for word in ("user add", "password reset", "user change"))
    assert first[1] not in noted


def test_a_password_may_be_given_instead_of_made_up(env: dict[str, str]) -> None:
    made = piped("user", "add", "grace", "--ask", env=env, said=PASSWORD + "\n")
    assert (made.returncode, made.stdout) == (0, "grace is user.\n")
    weak = piped("user", "reset-password", "grace", "--ask", env=env, said="password\n")
    assert (weak.returncode, "first that are tried" in weak.stderr) == (1, True)


def test_nobody_can_be_named(env: dict[str, str]) -> None:
    for command in ("reset-password", "deactivate"):
        refused = run("user", command, "nobody", env=env)
        assert (refused.returncode, refused.stderr) == (1, "Error: User not found\n")
