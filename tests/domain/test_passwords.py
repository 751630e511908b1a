import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import bcrypt
import pytest

from chat_bridge.domain.passwords import AT_ONCE, Passwords, check
from chat_bridge.errors import WeakPassword

GOOD = "blue horses at dawn"


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords()


def test_a_new_hash_is_argon2id_and_matches_its_password_only(passwords: Passwords) -> None:
    kept = passwords.hash(GOOD)
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, GOOD)
    assert not passwords.matches(kept, GOOD + "!")
    assert not passwords.outdated(kept)


def test_hashes_of_another_program_keep_verifying(passwords: Passwords) -> None:
    kept = bcrypt.hashpw(GOOD.encode(), bcrypt.gensalt(4)).decode()
    assert passwords.matches(kept, GOOD)
    assert not passwords.matches(kept, "something else")
    assert not passwords.outdated(kept)


def test_of_a_long_password_the_old_hashes_know_the_first_72_bytes(passwords: Passwords) -> None:
    kept = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    assert passwords.matches(kept, "x" * 100)


FLOOD = """
import pathlib, re, threading
from chat_bridge.domain.passwords import Passwords

def resident():
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) >> 10

passwords = Passwords()
passwords.matches(None, "warm")
before = resident()
threads = [threading.Thread(target=passwords.matches, args=(None, "flood")) for _ in range(48)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(resident() - before)
"""


def test_a_flood_of_attempts_takes_little_memory() -> None:
    """In a process of its own, whose peak is its own."""
    done = subprocess.run(
        [sys.executable, "-c", FLOOD], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(done.stdout) < 60


@pytest.mark.parametrize("kept", [None, "", "$2b$nonsense", "plain text", "$argon2id$broken"])
def test_what_is_no_hash_matches_nothing(passwords: Passwords, kept: str | None) -> None:
    assert not passwords.matches(kept, "", old_ones=True)
    assert not passwords.matches(kept, kept or "nobody has this password")


@pytest.mark.parametrize("odd", ["\ud800 half a character", "nul\0inside", "ü" * 256, "x" * 10_000])
def test_any_text_can_be_tried(passwords: Passwords, odd: str) -> None:
    assert not passwords.matches(passwords.hash(GOOD), odd)


@pytest.mark.parametrize("weak", [
    "", "short 7", "Password123", "Password123!", "P@ssw0rd1", "Qwerty123!", "iloveyou2",
    "dragon12", "letmein12", "admin123!", "changeme!", "aaaaaaaab", "abcd1234!", "grace-2026",
    "ChatBridge1",
    "Chat Bridge 1", "chat-bridge", "x" * 257, "a" * 200,
])  # fmt: skip
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(WeakPassword):
        check(weak, "grace")


@pytest.mark.parametrize(
    "fine",
    [
        GOOD, "x1y2z3w4", "wörter mit ümlaut", "grace likes long sentences", "Sup3r-Secret!",
        "4@8({[<3€6!1|70$5+%2" * 12, "correct horse battery staple", "nul\0 and \ud800 half",
    ],
)  # fmt: skip
def test_a_password_need_not_look_random(fine: str) -> None:
    check(fine, "grace")


def test_a_flood_is_worked_on_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes 19 MiB: fifty at once would take a gigabyte."""
    passwords, under_way, most = Passwords(), 0, 0
    counting = threading.Lock()

    def slow_hash(_: object) -> str:
        nonlocal under_way, most
        with counting:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.01)
        with counting:
            under_way -= 1
        return "hash"

    monkeypatch.setattr(passwords, "_argon", SimpleNamespace(hash=slow_hash))
    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(passwords.hash, ["a password"] * 50)) == {"hash"}
    assert most == AT_ONCE
