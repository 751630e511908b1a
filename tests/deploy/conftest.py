import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.deploy.proxy import NGINX, Proxy, proxy
from tests.servers import RunningBridge, free_port


@dataclass(frozen=True)
class Site:
    """A bridge as `docs/deploy.md` sets it up, behind the nginx that is shipped."""

    bridge: RunningBridge
    proxy: Proxy


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if NGINX is None and not os.environ.get("CI"):
        pytest.skip("nginx is not installed; .ci/run installs it")
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    settings = {
        "CHAT_BRIDGE_PUBLIC_URL": f"https://localhost:{port}",
        "CHAT_BRIDGE_TRUSTED_HOPS": "1",
        "CHAT_BRIDGE_TRUSTED_HOSTS": "localhost",
        "CHAT_BRIDGE_MAX_UPLOAD_MB": "64",
        "CHAT_BRIDGE_SESSION_TOKENS": "compat",
    }
    bridge = RunningBridge(folder / "data", settings)
    try:
        bridge.start()
        with proxy(folder / "nginx", bridge.port, port) as running:
            yield Site(bridge, running)
    finally:
        bridge.stop()
