"""The main job from end to end in one browser: a workbook goes in, three commands run on it, the
result comes out cell by cell; then a program of somebody else's answers in the same place."""

import base64
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.journeys.customers import EXPECTED_OF_BOOK, PIPELINE, workbook
from tests.servers import RunningBridge
from tests.test_docs import readme_agent

pytestmark = pytest.mark.browser

DROP_WORKBOOK = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  const drag = { dataTransfer: data, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new DragEvent("dragenter", drag));
  document.body.dispatchEvent(new DragEvent("drop", drag));
}"""


@pytest.fixture
def agent(bridge: RunningBridge, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The README's agent, pasted and started."""
    pasted = tmp_path / "agent.py"
    pasted.write_text(readme_agent(bridge.url))
    environment = os.environ | {
        "CHAT_BRIDGE_AGENT_KEY": bridge.agent_key,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    running = subprocess.Popen([sys.executable, str(pasted)], env=environment)
    yield running
    running.terminate()
    running.wait(30)


def test_a_workbook_through_three_commands(ana: Visitor, tmp_path: Path) -> None:
    content = base64.b64encode(workbook()).decode()
    ana.page.evaluate(DROP_WORKBOOK, ["customers.xlsx", content])
    ana.attached("customers.xlsx")
    ana.write(PIPELINE)
    steps = ana.cards.first.locator("li")
    expect(steps).to_have_count(3)
    ana.sees_state("answered")
    with ana.page.expect_download() as download:
        ana.page.get_by_role("link", name="Download").click()
    kept = tmp_path / download.value.suggested_filename
    download.value.save_as(kept)
    sheet = openpyxl.load_workbook(io.BytesIO(kept.read_bytes())).worksheets[0]
    cells = [["" if cell is None else cell for cell in row] for row in sheet.values]
    assert cells == EXPECTED_OF_BOOK


@pytest.mark.usefixtures("agent")
def test_an_agent_answers_in_the_same_conversation(ana: Visitor) -> None:
    ana.write("/help").sees_state("answered")
    asked = {"session_id": ana.session_id, "message": "Is anybody there?", "agent_id": "default"}
    answer = ana.context.request.post(f"{ana.url}/api/v1/?action=messages", data=asked)
    assert answer.ok
    expect(ana.answers.last).to_contain_text("Is anybody there?")
    ana.page.reload()
    expect(ana.answers.last).to_contain_text("Is anybody there?")
    expect(ana.answers).to_have_count(3)  # of the command, of the other agent, and its name between
