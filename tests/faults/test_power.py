"""The power fails: whatever part of the last writes is on the disk, all that was answered is there,
and nothing is there by half (reliability: F8)."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.builders import House, new_house
from tests.faults import sequence

FRAME_HEADER, WAL_HEADER = 24, 32
EVERY = [pytest.param(1, 12, marks=pytest.mark.faults, id="every frame"),
         pytest.param(11, 2, id="some frames")]  # fmt: skip


@dataclass
class Story:
    """The database before, its log after, and after each step what was stored and how long the
    log was."""

    database: bytes
    log: bytes
    page: int
    pictures: list[tuple[Any, ...]]
    lengths: list[int]


def told(folder: Path, rounds: int) -> Story:
    folder.mkdir()
    house = new_house(folder)
    sequence.begin(house)
    sequence.checkpointed(house)
    path, log = folder / "bridge.db", folder / "bridge.db-wal"
    before = path.read_bytes()
    pictures, lengths = [sequence.picture(path)], [log.stat().st_size]
    for step in sequence.steps(rounds):
        step(house)
        pictures.append(sequence.picture(path))
        lengths.append(log.stat().st_size)
    page = int.from_bytes(before[16:18], "big")
    return Story(before, log.read_bytes(), page, pictures, lengths)


def lay(folder: Path, database: bytes, log: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("bridge.db*"):
        stale.unlink()
    (folder / "bridge.db").write_bytes(database)
    (folder / "bridge.db-wal").write_bytes(log)
    return folder / "bridge.db"


def stage(story: Story, length: int) -> int:
    """The last step that was answered when the log was so long."""
    return max(
        n for n, reached in enumerate(story.lengths) if reached <= max(length, story.lengths[0])
    )


@pytest.mark.parametrize(("every", "rounds"), EVERY)
def test_a_log_that_ends_anywhere(tmp_path: Path, every: int, rounds: int) -> None:
    story = told(tmp_path / "told", rounds)
    frame = story.page + FRAME_HEADER
    chance = random.Random(8)
    cuts, last = 0, 0
    for end in range(WAL_HEADER, len(story.log) + 1, frame * every):
        torn = story.log[end : end + frame]
        half = torn[: chance.randrange(len(torn) + 1)] if torn else b""
        garbage = bytes(chance.randrange(256) for _ in range(64)) + torn[64:]
        for tail in (b"", half[: max(0, len(torn) - 1)], garbage):
            path = lay(tmp_path / "cut", story.database, story.log[:end] + tail)
            found = sequence.picture(path)
            assert found in story.pictures, f"half a write at byte {end}"
            assert story.pictures.index(found) >= stage(story, end), f"lost at byte {end}"
            last = max(last, story.pictures.index(found))
            cuts += 1
        if cuts % 30 == 0:
            assert sequence.sound(path)
    assert cuts >= 30
    assert last >= len(story.pictures) - 1 - every


@pytest.mark.parametrize(("every", "rounds"), EVERY)
def test_a_checkpoint_that_ends_anywhere(tmp_path: Path, every: int, rounds: int) -> None:
    """Any part of the pages may have reached the file: the log still says all."""
    story = told(tmp_path / "told", rounds)
    house = new_house(tmp_path / "told")
    sequence.checkpointed(house)
    after = (tmp_path / "told" / "bridge.db").read_bytes()
    chance = random.Random(9)
    for _ in range(max(6, 200 // every)):
        database = bytearray(
            after[: len(story.database)] if chance.random() < 0.5 else story.database
        )
        for at in range(0, min(len(after), len(story.database)), story.page):
            source = after if chance.random() < 0.5 else story.database
            database[at : at + story.page] = source[at : at + story.page]
        path = lay(tmp_path / "cut", bytes(database), story.log)
        assert sequence.picture(path) == story.pictures[-1]
        assert sequence.sound(path)


def test_the_machine_goes_on_from_there(tmp_path: Path) -> None:
    """Not only readable: the bridge works on what is left."""
    story = told(tmp_path / "told", 1)
    middle = story.lengths[4]
    lay(tmp_path / "cut", story.database, story.log[:middle])
    house: House = new_house(tmp_path / "cut")
    house.clock.restart_machine()
    for step in sequence.steps(1)[:4]:
        step(house)
    assert {row[4] for row in sequence.picture(tmp_path / "cut" / "bridge.db")[1]} <= {
        "pending",
        "leased",
    }
    assert house.audit.verify()[0] == 0
