import pytest

from chat_bridge.errors import SnapshotNotFound
from tests.builders import House

ACTOR = "console: Katherine"


def test_old_snapshots_make_room(house: House) -> None:
    names = [house.snapshots.take(ACTOR, keep=2).name for _ in range(3)]
    assert [snapshot.name for snapshot in house.snapshots.all()] == [names[2], names[1]]
    entries = list(house.audit.entries())
    assert [(e.actor, e.action, e.subject, e.before) for e in entries] == [
        (ACTOR, "snapshot take", names[0], None),
        (ACTOR, "snapshot take", names[1], None),
        (ACTOR, "snapshot take", names[2], names[0]),
    ]


def test_a_snapshot_is_deleted_by_name(house: House) -> None:
    name = house.snapshots.take(ACTOR).name
    assert house.snapshots.path(name).is_file()
    house.snapshots.forget(ACTOR, name)
    with pytest.raises(SnapshotNotFound):
        house.snapshots.path(name)
    with pytest.raises(SnapshotNotFound):
        house.snapshots.forget(ACTOR, name)
