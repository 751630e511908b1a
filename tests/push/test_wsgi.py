import os
import subprocess
import sys
from pathlib import Path

import pytest

from chat_bridge.config import ROOT
from chat_bridge.errors import BadSetting
from chat_bridge.wsgi import Listening, end, serve


def test_tls_in_the_server_is_refused() -> None:
    with pytest.raises(BadSetting, match="TLS is the proxy's"):
        serve(lambda: pytest.fail("started"), Listening(more=(("certfile", "cert.pem"),)))


DEBUG = """
import sys
from pathlib import Path
from chat_bridge.app import services, web
from chat_bridge.config import Settings
settings = Settings(data_dir=Path(sys.argv[1]))
services.open_store(settings)
print(web.web(settings)[0].debug)
"""


def test_there_is_no_debugger(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DEBUG, str(tmp_path)],
        env={**os.environ, "FLASK_DEBUG": "1"}, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("False\n", 0), done.stderr


def test_whoever_lost_its_master_ends_nobody_else() -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        end(stranger.pid)
        assert stranger.poll() is None
        assert stranger.communicate(b"\n", 20) == (None, None)
        assert stranger.returncode == 0
    finally:
        stranger.kill()
