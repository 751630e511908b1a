"""Every named statement is valid, and the hot ones are served by an index."""

import re
import sqlite3

import pytest

from chat_bridge.store import SqliteStore
from chat_bridge.store.queries import Queries
from tests.builders import QUERIES, new_store

NAMED = re.compile(r"-- name: (\w+)[\^!]?\n-- ([^\n]+)\n(.*?)(?=\n-- name: |\Z)", re.DOTALL)
BIG = ("web_chat_messages", "web_chat_responses", "web_chat_sessions", "events", "jobs",
       "attachments", "m", "h", "d", "j", "e")  # fmt: skip
SELDOM = {
    "newest_moment": "chat-bridge doctor, in the order of the table: LIMIT stops it",
    "last_event_before": "once in ten minutes",
    "expire_sessions": "once in ten minutes",
    "session_overviews": "an administrator's list",
    "count_sessions": "an administrator's list",
    "sessions_listed": "a page of the console; only a search reads words, of a bounded stretch",
    "idle_sessions": "once in ten minutes, with retention only",
    "prune_progress": "once a job",
    "jobs_listed": "a page of the console, in the order of the table: LIMIT stops it",
    "files_listed": "a page of the console, in the order of the table: LIMIT stops it",
    "files_in_all": "a page of the console",
    "discarded_letters": "a page of the console; few rows are laid aside",
    "messages_by_hour": "a page of the console, over a bounded stretch",
    "recent_answers": "a page of the console, over a bounded stretch",
    "recent_failures": "a page of the console, over a bounded stretch",
    "count_everything": "a clean-up, before and after",
    "stored_figures": "a scrape of the figures; counting reads the smallest index",
    "add_agent": "an administrator's act",
    "remove_agent": "an administrator's act",
    "agent_took_part": "an administrator's act",
    "messages_by_agent": "a page of the console, in the order of the table: LIMIT stops it",
    "count_jobs": "a page of the console, over a bounded stretch",
}
HOT = (
    "waiting_messages", "waiting_messages_for_agent", "count_waiting", "count_out_of_reach",
    "held_by", "ended_leases", "count_ended_leases",
    "message_by_receipt", "message_by_client_id", "messages_of_session",
    "events_after", "events_of_session_after", "responses_since", "responses_of_session",
    "response_by_key", "next_job", "lost_jobs", "find_session", "find_attachment",
    "messages_after", "responses_after", "attachments_of_job", "open_operations",
)  # fmt: skip


def every_statement() -> dict[str, str]:
    found = {}
    for path in sorted(QUERIES.glob("*.sql")):
        for name, _, sql in NAMED.findall(path.read_text()):
            found[name] = sql.strip().rstrip(";")
    return found


STATEMENTS = every_statement()
OF_OUR_SCHEMA = [name for name in STATEMENTS if not name.endswith("_beside_others")]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """One for all: nothing is written here."""
    return new_store(tmp_path_factory.mktemp("queries") / "bridge.db")


def plan(store: SqliteStore, name: str) -> list[str]:
    sql = STATEMENTS[name]
    parameters = dict.fromkeys(re.findall(r":(\w+)", sql), "1")
    found = store.database.connection.execute("EXPLAIN QUERY PLAN " + sql, parameters)
    return [str(row["detail"]) for row in found]


def scans(store: SqliteStore, name: str) -> list[str]:
    """Steps that read a whole table; a partial index over what waits is no such thing."""
    walks = [step for step in plan(store, name) if step.startswith("SCAN ")]
    return [w for w in walks if w.split()[1] in BIG and "INDEX" not in w]


@pytest.mark.parametrize("name", OF_OUR_SCHEMA)
def test_a_statement_prepares(store: SqliteStore, name: str) -> None:
    assert plan(store, name) is not None


@pytest.mark.parametrize("name", HOT)
def test_a_hot_statement_is_served_by_an_index(store: SqliteStore, name: str) -> None:
    assert scans(store, name) == []


def test_whatever_else_reads_a_whole_table_is_known(store: SqliteStore) -> None:
    assert {name for name in OF_OUR_SCHEMA if scans(store, name)} <= SELDOM.keys()


def test_a_claim_reads_waiting_messages_only(store: SqliteStore) -> None:
    steps = " ".join(plan(store, "waiting_messages_for_agent"))
    assert "messages_waiting_for_an_agent (agent_id=? AND id>?)" in steps
    assert "messages_leased (session_id=?)" in steps
    assert "messages_delayed (session_id=?" in steps
    assert "TEMP B-TREE" not in steps  # ordered by the index, so LIMIT stops the reading


def test_counting_what_is_out_of_reach_reads_open_messages_only(store: SqliteStore) -> None:
    assert "SEARCH m USING INDEX messages_open" in " ".join(plan(store, "count_out_of_reach"))


def test_an_answer_with_many_rows_is_complete_before_the_commit(store: SqliteStore) -> None:
    found = Queries(QUERIES, store.database).list_agents()
    assert isinstance(found, list)
    assert all(isinstance(row, sqlite3.Row) for row in found)


def test_a_missing_statement_is_named(store: SqliteStore) -> None:
    with pytest.raises(AttributeError, match="no statement named 'fly_to_the_moon'"):
        Queries(QUERIES, store.database).fly_to_the_moon()
