from itertools import islice

import pytest

from chat_bridge.client import BadAnswer, Client, CursorExpired
from tests.client.scripted import Act, data, event_stream, lost_answer, raw, refusal, serving


def fact(seq: int) -> dict[str, object]:
    return {"seq": seq, "session_id": "session_bob", "kind": "typing", "data": {}}


def test_a_broken_stream_goes_on_after_the_last_event() -> None:
    acts = (event_stream(fact(5), fact(6)), lost_answer, event_stream(fact(7)))
    with serving(*acts) as server, Client(server.url, "key") as client:
        events = list(islice(client.events("session_bob", cursor="4"), 3))
        assert [event.seq for event in events] == [5, 6, 7]
        asked = [seen.path.rsplit("cursor=")[1] for seen in server.seen]
        assert asked == ["4", "6", "6"]


def test_without_a_cursor_nothing_between_asking_and_listening_is_missed() -> None:
    acts = (data(events=[], cursor="41"), lost_answer, event_stream(fact(42)))
    with serving(*acts) as server, Client(server.url, "key") as client:
        assert next(client.events()).seq == 42
        assert all("cursor=41" in seen.path for seen in server.seen[1:])
        assert server.seen[1].headers["Accept"] == "text/event-stream"


def test_an_expired_cursor_is_told_to_the_caller() -> None:
    with (
        serving(refusal(410, "cursor_expired")) as server,
        Client(server.url, "key") as client,
        pytest.raises(CursorExpired),
    ):
        next(client.events(cursor="1"))


@pytest.mark.parametrize(
    "answer",
    [raw(b"{}", "application/json"), raw(b"data: no json\n\n", "text/event-stream")],
    ids=["no stream", "no json"],
)
def test_what_is_no_event_stream_says_so(answer: Act) -> None:
    with (
        serving(answer) as server,
        Client(server.url, "key") as client,
        pytest.raises(BadAnswer),
    ):
        next(client.events(cursor="1"))
