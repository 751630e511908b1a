"""The text of a message, an answer or a note removed: from every place the database has, from what
anybody reads, and from nothing else."""

import sqlite3
from contextlib import closing

import pytest

from chat_bridge.domain.inbox import Poll
from chat_bridge.domain.items import Links
from chat_bridge.domain.redaction import NOTICE, Kind
from chat_bridge.errors import (
    BridgeError,
    CommandRemoved,
    JobRunning,
    MessageNotFound,
    NoteNotFound,
    ResponseNotFound,
)
from chat_bridge.model import NewMessage, NewResponse, Person, Step
from chat_bridge.ports import JobEnd
from tests.builders import ADA, ADAS_CHAT, GRACE, GRACES_CHAT, House, texts

ACTOR = "user ana"
SECRET = "4929 1182 7701 6632"


def kept(house: House, words: str = SECRET) -> list[str]:
    """Every table and column of the database that holds the words."""
    found = []
    with closing(sqlite3.connect(house.folder / "bridge.db")) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            rows = database.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in rows.description]
            for row in rows:
                values = zip(names, row, strict=True)
                found += [f"{table}.{name}" for name, value in values if words in str(value)]
    return found


def last_entry(house: House) -> tuple[str, str, str | None, str | None]:
    entry = list(house.audit.entries())[-1]
    return entry.action, entry.subject, entry.before, entry.after


def test_a_messages_text_is_nowhere_any_more(house: House) -> None:
    said = house.say(f"My card is {SECRET}").message
    assert set(kept(house)) == {"web_chat_sessions.title", "web_chat_messages.message"}
    assert house.office.redaction.redact(ACTOR, ADAS_CHAT, "message", said.id)
    assert kept(house) == []
    assert texts(house.poll(house.key())) == [NOTICE]
    session = house.sessions.find(ADAS_CHAT)
    assert session.title is None
    for form in ("md", "json", "html"):
        exported = "".join(house.transcripts.export(session, form, Links())[0])
        assert SECRET not in exported
        assert "Text removed by an operator" in exported
    assert last_entry(house) == (
        "message.redact", ADAS_CHAT, f"message {said.id}, 30 characters", "text removed"
    )  # fmt: skip


def test_a_files_free_pages_do_not_hold_it_either(house: House) -> None:
    said = house.say(f"{SECRET} " + "and so on " * 900).message
    path = house.folder / "bridge.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert SECRET.encode() in path.read_bytes()
        house.office.redaction.redact(ACTOR, ADAS_CHAT, "message", said.id)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert SECRET.encode() not in path.read_bytes()


def test_readers_hear_of_it_without_the_text(house: House) -> None:
    said = house.say(SECRET).message
    cursor = house.feed.newest()
    house.office.redaction.redact(ACTOR, ADAS_CHAT, "message", said.id)
    (event,) = house.feed.after(cursor)
    assert (event.kind, event.audience) == ("session.updated", "visitor")
    assert event.data == {"redacted": {"type": "message", "id": said.id, "text": NOTICE}}


def test_the_words_of_others_stay(house: House) -> None:
    said = house.say("Hello").message
    kept_message = house.say(f"Hello {SECRET}").message
    house.office.redaction.redact(ACTOR, ADAS_CHAT, "message", said.id)
    assert kept(house) == ["web_chat_messages.message"]
    assert house.state(kept_message.id) == "pending"


def test_twice_is_once(house: House) -> None:
    said = house.say(SECRET).message
    assert house.office.redaction.redact(ACTOR, ADAS_CHAT, "message", said.id)
    assert not house.office.redaction.redact(ACTOR, ADAS_CHAT, "message", said.id)
    assert [entry.action for entry in house.audit.entries()].count("message.redact") == 1


def test_a_visitor_who_sends_it_again_gets_the_first_answer(house: House) -> None:
    new = NewMessage(ADAS_CHAT, SECRET, client_msg_id="c-1")
    said = house.post(new).message
    house.office.redaction.redact(ACTOR, ADAS_CHAT, "message", said.id)
    again = house.post(new)
    assert (again.repeated, again.message.id, again.message.text) == (True, said.id, NOTICE)
    assert kept(house) == []


def test_a_command_goes_from_its_job_and_its_buttons_too(house: House) -> None:
    said = house.say(f"/search card={SECRET}").message
    job = house.jobs.claim("worker")
    assert job is not None
    house.jobs.begin(job, [Step("search", {"card": SECRET}, f"Search for {SECRET}")])
    with pytest.raises(JobRunning):
        house.office.redaction.redact(ACTOR, ADAS_CHAT, "message", said.id)
    button = {"label": "Again", "text": f"/search card={SECRET}", "action": "fill"}
    with house.store.write():
        house.outbox.add(
            NewResponse(
                ADAS_CHAT, "There is no such column.", message_id=said.id, kind="error",
                metadata={"job_id": job.id, "buttons": [button]},
            )
        )  # fmt: skip
        house.jobs.end(job, JobEnd("failed", error=f"No column {SECRET}", error_code="x"))
    house.office.redaction.redact(ACTOR, ADAS_CHAT, "message", said.id)
    assert kept(house) == []
    assert house.jobs.find(job.id).command == NOTICE
    with pytest.raises(CommandRemoved):
        house.jobs.retry(house.jobs.find(job.id))


def test_an_answer_keeps_its_place_and_its_files(house: House) -> None:
    said = house.say("Which card did you charge?").message
    house.upload("receipt.csv", b"a\n1\n")
    metadata = {"preview": {"rows": [[SECRET]]}, "author": "operator"}
    sent = house.reply(
        house.key(), f"The one ending {SECRET}", metadata=metadata, message_id=said.id,
        attachments=("receipt.csv",), idempotency_key="r-1",
    )  # fmt: skip
    house.office.redaction.redact(ACTOR, ADAS_CHAT, "response", sent.id)
    assert kept(house) == []
    (answer,) = house.store.responses.page(ADAS_CHAT, None, 9)
    assert (answer.text, answer.timestamp) == (NOTICE, sent.timestamp)
    assert answer.metadata == {"author": "operator", "attachments": ["receipt.csv"]}
    assert last_entry(house)[0] == "response.redact"


def test_a_note_goes_without_telling_anybody(house: House, ana: Person) -> None:
    house.say("Hello")
    house.office.desk.note(ADAS_CHAT, ana, f"Card {SECRET}")
    (note,) = house.store.desk.notes(ADAS_CHAT, None, 9)
    cursor = house.feed.newest()
    house.office.redaction.redact(ACTOR, ADAS_CHAT, "note", note.id)
    assert kept(house) == []
    assert house.feed.after(cursor) == []
    assert last_entry(house)[0] == "note.redact"


@pytest.mark.parametrize(
    ("kind", "error"),
    [("message", MessageNotFound), ("response", ResponseNotFound), ("note", NoteNotFound)],
)
def test_what_belongs_to_another_session_is_not_there(
    house: House, ana: Person, kind: Kind, error: type[BridgeError]
) -> None:
    house.say("Hello")
    house.say("Hello", GRACES_CHAT, GRACE)
    house.reply(house.key(), "Yes?")
    house.office.desk.note(ADAS_CHAT, ana, "A note")
    for session, number in ((GRACES_CHAT, 1), (ADAS_CHAT, 99)):
        with pytest.raises(error):
            house.office.redaction.redact(ACTOR, session, kind, number)


def test_a_dead_letter_can_still_be_tried_again(house: House) -> None:
    said = house.say(SECRET).message
    key = house.key()
    for _ in range(5):
        house.poll(key)
        house.inbox.give_back(key, [said.id], delay_seconds=0, reason="no card")
    house.office.redaction.redact(ACTOR, ADAS_CHAT, "message", said.id)
    assert house.dead_letters.retry(ACTOR, "message", [said.id]) == 1
    assert [one.message.text for one in house.inbox.peek(Poll(key)).deliveries] == [NOTICE]
    assert house.sessions.authorise(ADAS_CHAT, ADA).session_id == ADAS_CHAT
