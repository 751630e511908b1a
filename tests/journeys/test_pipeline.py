"""A spreadsheet goes in, a pipeline runs on it, every cell that comes out is the right one."""

import itertools
import json
from collections.abc import Iterator

import pytest
import websocket

from tests.journeys import customers
from tests.journeys.customers import EXPECTED, EXPECTED_OF_BOOK, PIPELINE, SLOW
from tests.journeys.visitor import Json, Visitor
from tests.servers import RunningBridge

LARGE = 800_000


def kinds(events: list[Json], job_id: str) -> list[str]:
    """What was told of one job, repeats left out."""
    of_job = [
        event["kind"]
        for event in events
        if event["kind"].startswith("job.")
        and job_id in (event["data"].get("job_id"), event["data"].get("job", {}).get("job_id"))
    ]
    return [kind for kind, _ in itertools.groupby(of_job)]


@pytest.fixture
def socket(bridge: RunningBridge, ada: Visitor) -> Iterator[websocket.WebSocket]:
    connection = websocket.create_connection(
        f"ws{bridge.url.removeprefix('http')}/ws?session_id={ada.session_id}&cursor=0", timeout=20
    )
    connection.send(json.dumps({"type": "auth", "token": ada.token}))
    assert json.loads(connection.recv())["type"] == "ready"
    yield connection
    connection.close()


def pushed(connection: websocket.WebSocket) -> Iterator[Json]:
    """Up to and including the end of a job."""
    while True:
        event = json.loads(connection.recv())
        yield event
        if event["kind"] in ("job.completed", "job.failed", "job.cancelled"):
            return


def test_a_workbook_goes_through_three_steps(ada: Visitor, socket: websocket.WebSocket) -> None:
    ada.upload("customers.xlsx", customers.workbook())
    job = ada.run(PIPELINE)
    assert (job["status"], [step["status"] for step in job["steps"]]) == (
        "completed", ["completed"] * 3,
    )  # fmt: skip
    assert [(step["rows_in"], step["rows_out"]) for step in job["steps"]] == [(4, 3)] + [(3, 3)] * 2
    (output,) = job["outputs"]
    assert output["name"].endswith(".xlsx")
    assert customers.cells(ada.download(output["name"])) == EXPECTED_OF_BOOK
    (answer,) = ada.answers_to(job["job_id"])
    assert (answer["kind"], [item["name"] for item in answer["attachments"]]) == (
        "result", [output["name"]],
    )  # fmt: skip

    told = ["job.created", "job.progress", "job.completed"]
    assert kinds(ada.events()[0], job["job_id"]) == told
    assert kinds(list(pushed(socket)), job["job_id"]) == told


def test_a_csv_goes_through_three_steps(ada: Visitor) -> None:
    ada.upload("customers.csv", customers.text())
    job = ada.run(PIPELINE)
    (output,) = job["outputs"]
    assert output["name"].endswith(".csv")
    assert customers.table(ada.download(output["name"])) == EXPECTED


def test_a_csv_becomes_a_workbook(ada: Visitor) -> None:
    ada.upload("customers.csv", customers.text())
    (output,) = ada.run(f"{PIPELINE} | to-xlsx")["outputs"]
    assert customers.cells(ada.download(output["name"])) == EXPECTED


def test_the_socket_tells_what_the_poll_tells(ada: Visitor, socket: websocket.WebSocket) -> None:
    """The same numbers in the same order; only progress is forgotten when a job has ended."""
    ada.upload("customers.csv", customers.text())
    ada.run(PIPELINE)
    told = [(event["seq"], event["kind"]) for event in ada.events()[0]]
    seen = [(event["seq"], event["kind"]) for event in pushed(socket)]
    lasting = [item for item in seen if item[1] != "job.progress"]
    assert len(lasting) > 3
    assert lasting == [item for item in told if item[1] != "job.progress"][: len(lasting)]


def test_an_upload_is_looked_at(ada: Visitor) -> None:
    ada.upload("customers.xlsx", customers.workbook())
    update = ada.await_event("session.updated")
    item = update["data"]["attachment"]
    assert (item["name"], item["rows"]) == ("customers.xlsx", 4)
    assert [column["name"] for column in item["columns"]] == list(customers.COLUMNS)
    assert ada.file("customers.xlsx")["rows"] == 4


def test_a_running_job_is_cancelled(ada: Visitor) -> None:
    ada.upload("large.csv", customers.large(LARGE))
    job_id = ada.command(SLOW)
    ada.await_event("job.progress")
    assert ada.call("POST", f"/api/v1/jobs/{job_id}/cancel").status == 200
    job = ada.ended(job_id, 10)
    assert (job["status"], job["outputs"], ada.answers_to(job_id)) == ("cancelled", [], [])
    assert [file["name"] for file in ada.files()] == ["large.csv"]
    again = ada.call("POST", f"/api/v1/jobs/{job_id}/cancel")
    assert (again.status, again.json["error_code"]) == (409, "job_finished")


def test_a_waiting_job_is_cancelled_at_once(ada: Visitor) -> None:
    ada.upload("large.csv", customers.large(LARGE))
    first, second = ada.command(SLOW), ada.command("/dedupe")
    assert ada.call("POST", f"/api/v1/jobs/{second}/cancel").data["status"] == "cancelled"
    assert ada.ended(first)["status"] == "completed"
    assert ada.answers_to(second) == []


def test_a_cancelled_job_is_tried_again(ada: Visitor) -> None:
    ada.upload("large.csv", customers.large(LARGE))
    job_id = ada.command(SLOW)
    ada.await_event("job.progress")
    ada.call("POST", f"/api/v1/jobs/{job_id}/cancel")
    ada.ended(job_id)
    retried = ada.call("POST", f"/api/v1/jobs/{job_id}/retry").data
    assert (retried["status"], retried["cancel_requested"]) == ("pending", False)
    ada.await_event("job.completed")
    assert [item["rows"] for item in ada.job(job_id)["outputs"]] == [LARGE]


def test_a_failed_job_is_tried_again(ada: Visitor) -> None:
    job = ada.run(PIPELINE)
    assert (job["status"], job["error_code"]) == ("failed", "missing_file")
    ada.upload("customers.csv", customers.text())
    retried = ada.call("POST", f"/api/v1/jobs/{job['job_id']}/retry").data
    assert (retried["status"], retried["error"]) == ("pending", None)
    ada.await_event("job.completed")
    job = ada.job(job["job_id"])
    assert (job["status"], job["attempts"], len(job["outputs"])) == ("completed", 1, 1)
    assert [answer["kind"] for answer in ada.answers_to(job["job_id"])] == ["error", "result"]
    completed = ada.call("POST", f"/api/v1/jobs/{job['job_id']}/retry")
    assert (completed.status, completed.json["error_code"]) == (409, "job_finished")


def test_jobs_of_a_session_run_in_order(ada: Visitor) -> None:
    """The second works on what the first has made."""
    ada.upload("customers.xlsx", customers.workbook())
    first = ada.command("/search city=Berlin output_filename=berlin")
    second = ada.command("/extract columns=name file=berlin.xlsx")
    assert ada.ended(first)["status"] == "completed"
    (output,) = ada.ended(second)["outputs"]
    names = [[row[1]] for row in EXPECTED]
    assert customers.cells(ada.download(output["name"])) == names


def test_two_results_of_one_name_both_stay(ada: Visitor) -> None:
    ada.upload("customers.csv", customers.text())
    names = [ada.run(PIPELINE)["outputs"][0]["name"] for _ in range(2)]
    assert len(set(names)) == 2
    assert ada.download(names[0]) == ada.download(names[1])
