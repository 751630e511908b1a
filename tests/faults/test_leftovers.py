"""What a killed worker leaves on the disk is tidied away, and nobody's unfinished work with it."""

import os
import time
from pathlib import Path

from chat_bridge.config import KINDS
from chat_bridge.config.kinds import Whole
from chat_bridge.files.folder import ABANDONED_SECONDS
from tests.builders import new_house


def test_an_abandoned_work_folder_goes(tmp_path: Path) -> None:
    house = new_house(tmp_path)
    abandoned, busy = house.files.work_dir(), house.files.work_dir()
    for folder in (abandoned, busy):
        (folder / ".half.xlsx").write_bytes(b"half")
    long_ago = time.time() - ABANDONED_SECONDS - 60
    os.utime(abandoned, (long_ago, long_ago))
    house.upkeep().sweep_orphans()
    assert (abandoned.exists(), busy.exists()) == (False, True)


def test_no_run_may_outlast_its_folder() -> None:
    allowed = KINDS["job_seconds"]
    assert isinstance(allowed, Whole)
    assert allowed.high < ABANDONED_SECONDS
