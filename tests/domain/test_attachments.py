"""Files of a conversation: stored once, named once, gone when their last owner goes."""

import io
from pathlib import Path

import pytest

from chat_bridge.domain import room
from chat_bridge.errors import (
    BytesErased,
    FileNotFound,
    IdempotencyConflict,
    OutOfSpace,
    SessionNotFound,
    TooLarge,
)
from chat_bridge.model import Output, Profile
from chat_bridge.ports import Description
from tests.builders import ADAS_CHAT, GRACE, GRACES_CHAT, House, new_house

ROWS = b"name,city\nAda,London\n"


@pytest.fixture
def talking(house: House) -> House:
    house.say("Hello")
    house.say("Hello", GRACES_CHAT, GRACE)
    return house


def blobs(house: House) -> list[Path]:
    return [p for p in (house.folder / "blobs").glob("??/*") if p.is_file()]


def test_an_upload_is_found_again_with_its_bytes(talking: House) -> None:
    file = talking.upload("customers.csv", ROWS)
    assert talking.attachments.find(ADAS_CHAT, "customers.csv") == file
    assert talking.attachments.path(file).read_bytes() == ROWS
    assert (file.size, file.content_type, file.kind) == (len(ROWS), "text/csv", "upload")


def test_people_find_it_in_the_tree(talking: House) -> None:
    talking.upload("customers.csv", ROWS)
    session = talking.sessions.find(ADAS_CHAT)
    folder = talking.folder / "workflows" / "2026" / "11" / session.chat_id / "uploads"
    assert (folder / "customers.csv").read_bytes() == ROWS


def test_two_of_one_name_are_both_kept(talking: House) -> None:
    first = talking.upload("list.csv", b"a\n1\n")
    second = talking.upload("list.csv", b"a\n2\n")
    assert (first.name, second.name) == ("list.csv", "list-2.csv")
    assert talking.attachments.path(first).read_bytes() == b"a\n1\n"


@pytest.mark.parametrize(
    "raw",
    ["../../../etc/passwd.csv", "a\0b.csv", "\u202evsc.csv", "客" * 5_000 + ".csv", "..", "/"],
)
def test_a_hostile_name_stays_inside(talking: House, raw: str) -> None:
    file = talking.upload(raw, ROWS)
    tree = talking.folder / "workflows"
    linked = [path for path in tree.rglob("*") if path.is_file()]
    assert [path.name for path in linked] == [file.name]
    assert "\u202e" not in file.name


def test_the_same_bytes_are_kept_until_their_last_owner_goes(talking: House) -> None:
    mine = talking.upload("mine.csv", ROWS)
    hers = talking.upload("hers.csv", ROWS, GRACES_CHAT)
    assert mine.sha256 == hers.sha256
    assert len(blobs(talking)) == 1
    talking.sessions.erase(talking.sessions.find(ADAS_CHAT))
    assert talking.attachments.path(hers).read_bytes() == ROWS
    with pytest.raises(FileNotFound):
        talking.attachments.find(ADAS_CHAT, "mine.csv")
    talking.sessions.erase(talking.sessions.find(GRACES_CHAT))
    assert blobs(talking) == []


def test_another_sessions_file_does_not_exist(talking: House) -> None:
    talking.upload("mine.csv", ROWS)
    with pytest.raises(FileNotFound):
        talking.attachments.find(GRACES_CHAT, "mine.csv")


def test_refused_bytes_are_forgotten_unless_somebody_has_them(talking: House) -> None:
    kept = talking.upload("mine.csv", ROWS)
    again = talking.attachments.receive(io.BytesIO(ROWS))
    talking.attachments.discard(again.sha256)
    assert talking.attachments.path(kept).exists()
    other = talking.attachments.receive(io.BytesIO(b"refused"))
    talking.attachments.discard(other.sha256)
    assert not other.path.exists()


def test_bytes_erased_while_they_were_being_named_have_to_be_sent_again(talking: House) -> None:
    blob = talking.attachments.receive(io.BytesIO(ROWS))
    blob.path.unlink()
    with pytest.raises(BytesErased):
        talking.attachments.attach(talking.sessions.find(ADAS_CHAT), blob, "list.csv")
    assert talking.attachments.of_session(ADAS_CHAT) == []


def test_too_much_is_refused_and_nothing_kept(tmp_path: Path) -> None:
    house = new_house(tmp_path, max_bytes=100)
    assert house.attachments.receive(io.BytesIO(b"x" * 100)).size == 100
    with pytest.raises(TooLarge):
        house.attachments.receive(io.BytesIO(b"y" * 101))
    assert len([p for p in (tmp_path / "blobs").rglob("*") if p.is_file()]) == 1


def test_an_almost_full_disk_takes_no_uploads(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "SPARE_BYTES", 1 << 62)
    with pytest.raises(OutOfSpace):
        house.attachments.receive(io.BytesIO(ROWS))


class TestTheFirstLook:
    def test_is_queued_for_spreadsheets_only(self, talking: House) -> None:
        talking.upload("notes.txt", b"hello")
        assert talking.jobs.claim("worker-1") is None
        talking.upload("LIST.CSV", ROWS)
        job = talking.jobs.claim("worker-1")
        assert job
        assert (job.kind, job.file) == ("profile", "LIST.CSV")

    def test_is_told_to_whoever_watches(self, talking: House) -> None:
        talking.upload("list.csv", ROWS)
        columns = ({"name": "name", "type": "text"},)
        profile = Profile(sheets=(), rows=1, columns=columns, preview={"rows": [["Ada"]]})
        talking.attachments.describe(ADAS_CHAT, "list.csv", profile)
        event = talking.feed.after(0, session_id=ADAS_CHAT)[-1]
        assert event.kind == "session.updated"
        assert event.data["attachment"]["rows"] == 1
        assert event.data["attachment"]["columns"] == [{"name": "name", "type": "text"}]

    def test_that_failed_says_why(self, talking: House) -> None:
        talking.upload("list.csv", ROWS)
        about = Description(error="It is damaged.", error_code="file_damaged")
        talking.attachments.describe(ADAS_CHAT, "list.csv", about)
        assert talking.attachments.find(ADAS_CHAT, "list.csv").error_code == "file_damaged"

    def test_of_a_file_erased_meanwhile_is_nothing(self, talking: House) -> None:
        before = talking.kinds()
        talking.attachments.describe(ADAS_CHAT, "gone.csv", Description(rows=1))
        assert talking.kinds() == before


def test_an_output_joins_the_files_of_its_session(talking: House) -> None:
    path = talking.files.work_dir() / "out"
    path.write_bytes(ROWS)
    output = Output(path, "list.csv", "text/csv", 1, ({"name": "name", "type": "text"},), None)
    talking.upload("list.csv", b"a\n1\n")
    with talking.store.write():
        blob = talking.files.adopt(path)
        session = talking.sessions.find(ADAS_CHAT)
        kept = talking.attachments.keep_output(session, output, blob, "job_1")
    assert (kept.name, kept.kind, kept.rows) == ("list-2.csv", "output", 1)
    assert [file.name for file in talking.store.attachments.of_job("job_1")] == ["list-2.csv"]
    assert [f.name for f in talking.attachments.spreadsheets(ADAS_CHAT)] == [
        "list.csv",
        "list-2.csv",
    ]


def test_orphans_are_swept_and_owned_bytes_are_not(
    talking: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat_bridge.domain.upkeep.ORPHAN_SECONDS", -1.0)
    kept = talking.upload("list.csv", ROWS)
    orphan = talking.attachments.receive(io.BytesIO(b"nobody's"))
    talking.upkeep().sweep_orphans()
    assert not orphan.path.exists()
    assert talking.attachments.path(kept).exists()


class TestAnUploadWithAKey:
    def attach(self, house: House, content: bytes, session: str = ADAS_CHAT) -> str:
        blob = house.attachments.receive(io.BytesIO(content))
        owner = house.sessions.find(session)
        return house.attachments.attach(owner, blob, "list.csv", "0:upload-1").name

    def test_is_stored_once_however_often_it_is_repeated(self, talking: House) -> None:
        assert [self.attach(talking, ROWS) for _ in range(3)] == ["list.csv"] * 3
        assert len(talking.attachments.of_session(ADAS_CHAT)) == 1

    def test_is_a_conflict_with_other_bytes(self, talking: House) -> None:
        self.attach(talking, ROWS)
        with pytest.raises(IdempotencyConflict):
            self.attach(talking, b"other\n")

    def test_means_nothing_in_another_session(self, talking: House) -> None:
        self.attach(talking, ROWS)
        assert self.attach(talking, b"other\n", GRACES_CHAT) == "list.csv"


def test_what_arrives_for_a_session_erased_meanwhile_leaves_nothing(talking: House) -> None:
    session = talking.sessions.find(ADAS_CHAT)
    blob = talking.attachments.receive(io.BytesIO(ROWS))
    talking.sessions.erase(session)
    with pytest.raises(SessionNotFound):
        talking.attachments.attach(session, blob, "list.csv")
    assert not [path for path in (talking.folder / "workflows").rglob("*") if path.is_file()]


def test_an_erasure_cut_short_after_its_commit_leaves_no_readable_link(
    talking: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    talking.upload("list.csv", ROWS)

    def killed(sha256: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(talking.files._contents, "forget", killed)
    with pytest.raises(KeyboardInterrupt):
        talking.sessions.erase(talking.sessions.find(ADAS_CHAT))
    assert not [path for path in (talking.folder / "workflows").rglob("*") if path.is_file()]
