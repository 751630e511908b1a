"""`preview=yes`: what an operation would make of the first rows, and no file."""

import json
import sqlite3

from tests.api.operations.caller import Clerk
from tests.servers import RunningBridge

MANY = b"n,city\n" + b"".join(b"%d,Berlin\n" % n for n in range(3000))


def kept(bridge: RunningBridge) -> int:
    with sqlite3.connect(bridge.data_dir / "bridge.db") as database:
        (count,) = database.execute(
            "SELECT count(*) FROM operation_files WHERE field = 'result'"
        ).fetchone()
    return int(count)


def test_the_first_rows_are_shown_and_nothing_is_kept(ada: Clerk, bridge: RunningBridge) -> None:
    before = kept(bridge)
    condition = {"column": "n", "operator": "gte", "value": "990"}
    answer = ada.ask("/csv/search", MANY, conditions=[condition], preview="yes")
    assert answer.json["message"] == "A preview of the first 1000 rows; nothing was stored."
    assert answer.data["filtered_rows"] == 10
    assert answer.data["preview"]["rows"][0] == ["990", "Berlin"]
    assert (answer.data["previewed_rows"], answer.data["rows_of_the_file"]) == (1000, 3000)
    assert "download_url" not in answer.data
    assert kept(bridge) == before


def test_a_text_is_shown_by_its_beginning(ada: Clerk) -> None:
    fields = {"table_name": "t", "column_mapping": {"n": "n"}, "preview": "true"}
    answer = ada.ask("/sql/generate-to-text", MANY, **fields)
    assert "INSERT INTO t (n) VALUES (0);" in answer.data["preview_text"]
    records = ada.ask("/json/generate", arguments={"preview": True})
    assert json.loads(records.data["preview_text"])[0]["name"] == "Ada"


def test_neither_yes_nor_no(ada: Clerk) -> None:
    answer = ada.ask("/csv/sort", by="n", preview="perhaps")
    assert (answer.status, answer.json["details"]["argument"]) == (422, "preview")
