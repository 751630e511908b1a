import pytest

from chat_bridge.errors import BadSetting
from chat_bridge.wsgi import Listening, serve


def test_tls_in_the_server_is_refused() -> None:
    with pytest.raises(BadSetting, match="TLS is the proxy's"):
        serve(lambda: pytest.fail("started"), Listening(more=(("certfile", "cert.pem"),)))
