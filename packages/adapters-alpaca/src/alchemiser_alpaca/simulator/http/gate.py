"""The gate that every request to the API passes: it counts, delays, strikes, admits and records."""

from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from functools import partial
from typing import cast

from attrs import define, field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.faults.book import FaultBook
from alchemiser_alpaca.simulator.faults.fault import Go, Stage, WireFault
from alchemiser_alpaca.simulator.http.answers import Answer, Cut, error_answer
from alchemiser_alpaca.simulator.http.authority import UNAUTHORISED, Authority
from alchemiser_alpaca.simulator.http.calls import Call, RequestLog
from alchemiser_alpaca.simulator.http.connections import Address, Connections
from alchemiser_alpaca.simulator.http.limits import Limits, is_data, too_many

LARGEST_BODY = 1_000_000
CONTROL = "/simulator"
"""Where the paths begin that are not of the API."""


@define(eq=False)
class Gate:
    """An ASGI application around the routes."""

    routes: ASGIApp
    desk: Desk
    authority: Authority
    limits: Limits
    faults: FaultBook
    stage: Stage
    connections: Connections
    log: RequestLog
    latency: float = 0.0
    """Real seconds before anything happens to a request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; what is not of the API goes straight to the routes."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self.routes(scope, receive, send)
            return
        call = await self._read(scope, receive)
        record = self.log.opened(call)
        struck = self._struck(call)
        record.faults = tuple(fault.kind for fault in struck)
        answer = await self._answer(call, scope, struck)
        told = answer.cut in (Cut.NOT, Cut.MIDWAY)
        self.log.answered(record, answer.status if told else 0)
        await self._deliver(answer, call, receive, send)

    async def _read(self, scope: Scope, receive: Receive) -> Call:
        body = b""
        more = True
        while more and len(body) <= LARGEST_BODY:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode("latin-1"): v.decode("latin-1") for name, v in scope["headers"]}
        return Call(
            number=self.log.next_number(),
            at=self.desk.clock.now(),
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=body,
            client=cast(Address, tuple(scope["client"] or ("", 0))),
        )

    def _struck(self, call: Call) -> list[WireFault]:
        with self.desk.lock:
            return self.faults.on_the_way(call, self.desk.clock.now())

    async def _answer(self, call: Call, scope: Scope, struck: list[WireFault]) -> Answer:
        go: Go = partial(self._admitted, call, scope)
        for fault in reversed(struck):
            go = partial(fault.around, call, go, self.stage)
        return await go()

    async def _admitted(self, call: Call, scope: Scope) -> Answer:
        if self.latency:
            await self.stage.sleep(self.latency)
        if not self.authority.admits(call.headers):
            return UNAUTHORISED
        allowance = self.limits.take(call.path)
        headers = self.limits.headers(allowance, self.desk.clock.now().timestamp())
        if not allowance.allowed:
            return too_many(is_data(call.path)).with_headers(headers)
        answer = await self._routed(call, scope)
        with self.desk.lock:
            self.faults.after_call(call, self.desk.clock.now())
        return answer.with_headers(headers)

    async def _routed(self, call: Call, scope: Scope) -> Answer:
        if len(call.body) > LARGEST_BODY:
            return error_answer(413, None, "request entity too large")
        caught = _Caught()
        await self.routes(scope, _body(call.body), caught.send)
        return caught.answer()

    async def _deliver(self, answer: Answer, call: Call, receive: Receive, send: Send) -> None:
        if answer.cut in (Cut.RESET, Cut.CLOSE):
            self.connections.cut(call.client, with_reset=answer.cut is Cut.RESET)
            await _until_disconnected(receive)
            return
        await send(self._start(answer, call))
        if answer.cut is Cut.NOT:
            await send({"type": "http.response.body", "body": answer.body})
            return
        half = answer.body[: len(answer.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        self.connections.cut(call.client, with_reset=False)
        await _until_disconnected(receive)

    def _start(self, answer: Answer, call: Call) -> Message:
        told = {
            **answer.headers,
            "date": format_datetime(self.desk.clock.now(), usegmt=True),
            "x-request-id": f"simulated-{call.number}",
        }
        if answer.status != 204:
            told["content-length"] = str(len(answer.body))
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in told.items()]
        return {"type": "http.response.start", "status": answer.status, "headers": headers}


@define(eq=False)
class _Caught:
    """Catches what the routes send, to be sent later."""

    _status: int = 500
    _headers: dict[str, str] = field(factory=dict)
    _body: bytes = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = {n.decode(): v.decode("latin-1") for n, v in message["headers"]}
        else:
            self._body += message.get("body", b"")

    def answer(self) -> Answer:
        kept = {name: v for name, v in self._headers.items() if name != "content-length"}
        return Answer(self._status, self._body, kept)


def _body(body: bytes) -> Callable[[], Awaitable[Message]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _until_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
