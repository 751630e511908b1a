"""The clock of the machine jumps between any two steps: nobody is served twice, no lease sticks,
and the order of a conversation stays (reliability: F35)."""

from pathlib import Path

import pytest

from tests.builders import new_house, texts
from tests.faults import sequence

HOUR, DAYS = 3_600, 172_800


@pytest.mark.parametrize("jump", [HOUR, -DAYS], ids=["an hour ahead", "two days back"])
def test_at_every_step(tmp_path: Path, jump: int) -> None:
    steps = sequence.steps(1)
    for moment in range(len(steps)):
        folder = tmp_path / f"{jump}-{moment}"
        folder.mkdir()
        house = new_house(folder)
        sequence.begin(house)
        for number, step in enumerate(steps):
            if number == moment:
                house.clock.wall += jump * 1_000
            step(house)
        key = next(key for key in house.store.keys.all() if key.name == "agent")
        assert texts(house.poll(key)) == []
        house.clock.wall -= 2 * jump * 1_000
        house.say("After")
        house.clock.boot += 31_000
        assert texts(house.poll(key)) == ["After"]
        for rows in sequence.picture(folder / "bridge.db")[1:3]:
            for session in {row[1] for row in rows}:
                stamps = [row[-3 if len(row) == 7 else -1] for row in rows if row[1] == session]
                assert len(set(stamps)) == len(stamps)
        stamps = [
            row[3] for row in sequence.picture(folder / "bridge.db")[1] if row[1] == "session_ada"
        ]
        assert stamps == sorted(stamps)
