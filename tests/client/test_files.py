from pathlib import Path

import pytest

from chat_bridge.client import Client, ConnectionFailed, NotFound, Retry
from tests.client.scripted import Act, data, half_answer, lost_answer, raw, refusal, serving

QUICK = Retry(attempts=2, first=0.01)
ITEM = {"name": "customers.csv", "size": 5, "content_type": "text/csv", "sha256": "ab"}


def test_a_file_is_sent_whole_again_when_the_answer_is_lost(tmp_path: Path) -> None:
    table = tmp_path / "customers.csv"
    table.write_bytes(b"name\n" * 50_000)
    with serving(lost_answer, data(files=[ITEM])) as server, Client(server.url, retry=QUICK) as me:
        assert me.send_file("session_alice", table).name == "customers.csv"
        first, second = server.seen
        assert first.body == second.body
        assert table.read_bytes() in first.body
        assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


def test_a_name_cannot_end_the_header_it_stands_in(tmp_path: Path) -> None:
    table = tmp_path / "x.csv"
    table.write_bytes(b"a\n1\n")
    with serving(data(files=[ITEM])) as server, Client(server.url, retry=QUICK) as me:
        me.send_file("session_alice", table, name='a"b\r\nX-Evil: 1.csv')
        head = server.seen[0].body.split(b"\r\n\r\n")[0]
        assert b'filename="a%22b%0D%0AX-Evil: 1.csv"' in head


def test_a_download_that_breaks_is_started_anew(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    with serving(half_answer, raw(b"a,b\n1,2\n")) as server, Client(server.url, retry=QUICK) as me:
        assert me.save_file("session_alice", "big result.csv", target) == target
        assert server.seen[0].path.endswith("/files/big%20result.csv")
    assert target.read_bytes() == b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("acts", "kind"),
    [
        ((half_answer, half_answer), ConnectionFailed),
        ((refusal(404, "file_not_found"),), NotFound),
    ],
    ids=["breaks off", "is not there"],
)
def test_a_download_that_fails_leaves_nothing_behind(
    tmp_path: Path, acts: tuple[Act, ...], kind: type[Exception]
) -> None:
    with (
        serving(*acts) as server,
        Client(server.url, retry=QUICK) as me,
        pytest.raises(kind),
    ):
        me.save_file("session_alice", "result.csv", tmp_path / "result.csv")
    assert list(tmp_path.iterdir()) == []
