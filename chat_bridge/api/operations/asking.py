"""A request for an operation: checked, stored, queued, and parked until the job has ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import Request, Response

from chat_bridge.api import guards, parse
from chat_bridge.api.operations import answers, forms, planning
from chat_bridge.api.operations.endpoints import Endpoint
from chat_bridge.domain import names
from chat_bridge.domain.bridge import Bridge
from chat_bridge.errors import BridgeError, BytesErased, OperationTimedOut, Unauthenticated
from chat_bridge.model import Limits, NewCall, Received
from chat_bridge.ports import Wait, Waiting
from chat_bridge.workflow.tables import guard


@dataclass(frozen=True)
class Asking:
    bridge: Bridge
    waiting: Waiting
    endpoint: Endpoint

    def answer(self, request: Request) -> Response:
        try:
            return self._hold(request)
        except BridgeError as error:
            reply = answers.refused(self.endpoint, error)
            headers = dict(reply.headers)
            return Response(bytes(reply), reply.status, headers, content_type="application/json")

    def _hold(self, request: Request) -> Response:
        bridge, endpoint = self.bridge, self.endpoint
        who = caller(bridge, request)
        bridge.calls.admit(who)
        asked = forms.read(request, endpoint, bridge.door.max_upload_bytes)
        plan = planning.planned(endpoint, asked, now=datetime.now(UTC).astimezone())
        key = parse.idempotency_key(request) or asked.idempotency_key
        call = NewCall(
            who, plan.steps, (), plan.result_name, asked.sheet, asked.header_row, key,
            asked.keep_formulas, asked.preview, asked.output_filename,
        )  # fmt: skip
        try:
            job_id = self._queued(call, asked)
        except BytesErased:  # with another call that brought the same ones; we have them still
            job_id = self._queued(call, asked)
        links = guards.links(bridge, request)

        def attempt() -> bytes | None:
            outcome = bridge.calls.outcome(job_id)
            if outcome is None:
                return None
            return answers.body(endpoint, plan.echoed, outcome, links)

        wait = Wait(
            topic=job_id,
            seconds=bridge.door.operation_seconds,
            attempt=attempt,
            nothing=self._too_late,
            unsent=lambda _: None,
            headers={},
            abandoned=lambda: None if key else bridge.calls.abandon(job_id),
        )
        try:
            parked: Response = self.waiting.hold(request.environ, wait)
        except BridgeError:  # no room for one more that waits
            wait.abandoned()
            raise
        return parked

    def _queued(self, call: NewCall, asked: forms.Asked) -> str:
        with self._received(asked) as files:
            return self.bridge.calls.submit(replace(call, files=files))

    @contextmanager
    def _received(self, asked: forms.Asked) -> Iterator[list[Received]]:
        """The bytes at rest; forgotten again unless a call has taken them."""
        attachments = self.bridge.attachments
        files: list[Received] = []
        try:
            for field, part in asked.files.items():
                name = names.safe_name(part.filename or "")
                part.stream.seek(0)
                files.append(Received(field, name, attachments.receive(part.stream)))
                guard.check_upload(files[-1].blob.path, name, Limits())
            yield files
        finally:
            for file in files:
                attachments.discard(file.blob.sha256)

    def _too_late(self) -> bytes:
        seconds = self.bridge.door.operation_seconds
        return answers.refused(self.endpoint, OperationTimedOut(seconds=seconds, retry_after=10))


def caller(bridge: Bridge, request: Request) -> str:
    """A key with the scope `files`, or somebody on this machine, if it serves nobody else."""
    secret = guards.bearer(request)
    if secret:
        return f"key:{bridge.keys.authorise(secret, 'files', guards.address(request)).id}"
    if bridge.door.local and guards.is_here(request):
        return f"address:{guards.address(request)}"
    raise Unauthenticated("Operations need an API key with the scope 'files'.")
