"""What the database and the disk hold in the end, against what was promised."""

import hashlib
import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.load import Ledger
from tests.patience import await_true

UNENDED = """SELECT (SELECT COUNT(*) FROM jobs WHERE status IN ('pending', 'running'))
    + (SELECT COUNT(*) FROM web_chat_messages WHERE state <> 'done')"""


def rows(data_dir: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data_dir / "bridge.db", timeout=10)) as database:
        return database.execute(query, values).fetchall()


def await_every_end(data_dir: Path, seconds: float = 120) -> None:
    await_true(lambda: rows(data_dir, UNENDED) == [(0,)], seconds)


@dataclass
class Account:
    """Everything that must be empty, and the figures worth printing."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unanswered: list[int] = field(default_factory=list)
    wrong_jobs: list[str] = field(default_factory=list)
    wrong_files: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)

    @property
    def faults(self) -> dict[str, list[Any]]:
        found = {name: value for name, value in vars(self).items() if isinstance(value, list)}
        return {name: value for name, value in found.items() if value}


def settle(data_dir: Path, ledger: Ledger) -> Account:
    account = Account()
    _messages(data_dir, ledger, account)
    _jobs(data_dir, ledger, account)
    _files(data_dir, account)
    account.figures |= {
        "acks": len(ledger.acks),
        "retries": ledger.retries,
        "lost": len(account.lost),
        "doubled": len(account.doubled),
        "commands": len(ledger.commands),
    }
    return account


def _messages(data_dir: Path, ledger: Ledger, account: Account) -> None:
    stored = rows(data_dir, "SELECT id, client_msg_id, job_id, state FROM web_chat_messages")
    by_client = {client_id: number for number, client_id, _, _ in stored}
    account.lost = [c for c, number in ledger.acks.items() if by_client.get(c) != number]
    times = Counter(client_id for _, client_id, _, _ in stored)
    account.doubled = [client_id for client_id, count in times.items() if count > 1]
    answers = Counter(
        number for (number,) in rows(data_dir, "SELECT message_id FROM web_chat_responses")
    )
    account.doubled += [f"answers to {number}" for number, n in answers.items() if n > 1]
    account.unanswered = [
        number for number, _, _, state in stored if state != "done" or not answers[str(number)]
    ]


def _jobs(data_dir: Path, ledger: Ledger, account: Account) -> None:
    """A command has one result and one output, or one error and none; never both."""
    found = rows(
        data_dir, "SELECT job_id, status, attempts, message_id FROM jobs WHERE kind = 'command'"
    )
    said: dict[str, list[str]] = {}
    for kind, metadata in rows(data_dir, "SELECT kind, metadata FROM web_chat_responses"):
        said.setdefault(json.loads(metadata or "{}").get("job_id", ""), []).append(kind)
    made = Counter(
        job for (job,) in rows(data_dir, "SELECT job_id FROM attachments WHERE kind = 'output'")
    )
    ends = {"completed": (["result"], 1), "dead": (["error"], 0)}
    for job_id, status, attempts, _ in found:
        if ends.get(status) != (said.get(job_id, []), made[job_id]):
            told = f"{said.get(job_id)}, {made[job_id]} files"
            account.wrong_jobs.append(f"{job_id} {status} after {attempts}: {told}")
    known = {job_id for job_id, *_ in found}
    account.lost += [job_id for job_id in ledger.commands if job_id not in known]
    account.figures = {
        "completed": sum(status == "completed" for _, status, *_ in found),
        "dead": sum(status == "dead" for _, status, *_ in found),
        "takeovers": sum(attempts - 1 for _, _, attempts, _ in found),
    }


def _files(data_dir: Path, account: Account) -> None:
    """What can be downloaded is whole, and all results of one command are the same."""
    for name, sha256, size in rows(data_dir, "SELECT name, sha256, size FROM attachments"):
        path = data_dir / "blobs" / sha256[:2] / sha256
        content = path.read_bytes() if path.exists() else b""
        if (hashlib.sha256(content).hexdigest(), len(content)) != (sha256, size):
            account.wrong_files.append(name)
    for path in (data_dir / "workflows").rglob("*.*"):
        if path.is_file() and path.name != "metadata.json":
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            if not (data_dir / "blobs" / sha256[:2] / sha256).exists():
                account.wrong_files.append(str(path))
