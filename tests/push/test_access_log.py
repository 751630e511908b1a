import pytest

from chat_bridge.push.handover import shown


@pytest.mark.parametrize(
    ("uri", "logged"),
    [
        ("/", "/"),
        ("/api/v1/?action=messages", "/api/v1/?action=messages"),
        ("/api/v1/?session_id=session_x&action=responses", "/api/v1/?action=responses"),
        ("/ws?session_id=session_x&cursor=7", "/ws"),
        ("/api/v1/?token=s3cret", "/api/v1/"),
    ],
)
def test_queries_are_left_out(uri: str, logged: str) -> None:
    assert shown(uri) == logged


def test_a_session_id_becomes_a_hash_that_tells_two_apart() -> None:
    one, two = shown("/api/v1/sessions/session_ada/files"), shown("/api/v1/sessions/session_bo")
    assert "session_ada" not in one
    assert one.startswith("/api/v1/sessions/session:")
    assert one.endswith("/files")
    assert one.removesuffix("/files") != two
