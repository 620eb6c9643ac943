"""The control of the simulator, beside the API: its clock, its ledger, its faults, its market.

It asks for no key. It answers this machine alone, and no page of a browser.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from attrs import define
from returns.result import Failure
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alchemiser_alpaca.simulator.clock import SimulatorClock, TimeGoesBackError
from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.exchange import Exchange
from alchemiser_alpaca.simulator.exchange.refusal import Refusal, bad_request, order_not_found
from alchemiser_alpaca.simulator.faults.book import FaultBook
from alchemiser_alpaca.simulator.faults.plan import read_plan
from alchemiser_alpaca.simulator.http.calls import RequestLog
from alchemiser_alpaca.simulator.http.reading import (
    UnreadableError,
    answer,
    decimal,
    moment,
    refused,
    table_of,
    text,
    whole,
)
from alchemiser_alpaca.simulator.wire.ledger import entry_json
from alchemiser_alpaca.simulator.wire.numbers import number
from alchemiser_alpaca.simulator.wire.times import stamp

Table = Mapping[str, Any]
_MANY = 1_000_000_000
_LOCAL = ("127.0.0.1", "localhost", "[::1]")


def local(handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """The handler, for programs on this machine alone: a page of a browser tells its origin."""

    async def guarded(request: Request) -> Response:
        host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host")
        if "origin" in request.headers or host not in _LOCAL:
            return refused(Refusal(403, None, "this is for programs on this machine"))
        response: Response = await handler(request)
        return response

    return guarded


@define(eq=False)
class ControlRoutes:
    """`/simulator`."""

    desk: Desk
    book: FaultBook
    log: RequestLog

    def routes(self) -> list[Route]:
        """All of them."""
        table: list[tuple[str, str, Callable[[Request], Any]]] = [
            ("GET", "/simulator/clock", self.clock),
            ("POST", "/simulator/clock", self.move_clock),
            ("GET", "/simulator/ledger", self.ledger),
            ("GET", "/simulator/requests", self.requests),
            ("GET", "/simulator/faults", self.faults),
            ("POST", "/simulator/faults", self.put_faults),
            ("DELETE", "/simulator/faults", self.clear_faults),
            ("POST", "/simulator/market", self.move_market),
            ("POST", "/simulator/activities", self.add_activity),
            ("POST", "/simulator/orders/{id}/reject", self.reject),
        ]
        return [Route(path, local(handler), methods=[method]) for method, path, handler in table]

    async def clock(self, request: Request) -> Response:
        """The time and the speed."""
        return answer(_clock_json(self.desk.clock))

    async def move_clock(self, request: Request) -> Response:
        """`{"to": time}`, `{"advance_seconds": n}`, `{"speed": x}`, or several of these."""
        asked = await table_of(request)
        clock = self.desk.clock
        speed, seconds = decimal(asked, "speed"), decimal(asked, "advance_seconds")
        to = moment({"to": text(asked, "to") or ""}, "to")
        try:
            if speed is not None:
                clock.set_speed(float(speed))
            if seconds is not None:
                clock.advance(timedelta(seconds=float(seconds)))
            if to is not None:
                clock.advance_to(to)
        except (TimeGoesBackError, ValueError) as error:
            return refused(bad_request(str(error)))
        with self.desk.work():
            return answer(_clock_json(clock))

    async def ledger(self, request: Request) -> Response:
        """The entries after a number of them (`?after=100`), each with its number."""
        after = whole(request.query_params, "after", 0, _MANY)
        with self.desk.work():
            entries = self.desk.exchange.ledger.entries[after:]
        rows = [entry_json(entry, n) for n, entry in enumerate(entries, after + 1)]
        return answer(rows)

    async def requests(self, request: Request) -> Response:
        """Every request to the API so far."""
        rows = [
            {
                "number": each.number,
                "time": stamp(each.at),
                "method": each.method,
                "path": each.path,
                "query": each.query,
                "status": each.status,
                "client_order_id": each.client_order_id,
                "faults": each.faults,
            }
            for each in self.log
        ]
        return answer(rows)

    async def faults(self, request: Request) -> Response:
        """The faults that wait for their moment."""
        with self.desk.lock:
            rows = [
                {"kind": each.fault.kind, "left": each.left if each.left > 0 else None}
                for each in self.book
                if not each.is_over
            ]
        return answer(rows)

    async def put_faults(self, request: Request) -> Response:
        """A plan, in addition to what waits already."""
        read = read_plan(await request.body())
        if isinstance(read, Failure):
            found = [f"{each.where}: {each.what}" for each in read.failure().problems()]
            return refused(bad_request("; ".join(found)))
        with self.desk.work():
            self.book.put(read.unwrap())
        return await self.faults(request)

    async def clear_faults(self, request: Request) -> Response:
        """No fault waits any more; what they did to the exchange stays."""
        with self.desk.lock:
            self.book.clear()
        return Response(status_code=204)

    async def move_market(self, request: Request) -> Response:
        """`{"symbol": s, "price": p}`; or `"halt"`, `"resume"`, `"hold"`, `"drop"` as `true`."""
        asked = await table_of(request)
        symbol = _symbol(asked, self.desk.exchange)
        with self.desk.work() as at:
            _move(self.desk.exchange, symbol, asked, at)
        return Response(status_code=204)

    async def add_activity(self, request: Request) -> Response:
        """`{"kind": "deposit", "amount": a}` and the like; `{"kind": "split", "ratio": r}`."""
        asked = await table_of(request)
        with self.desk.work() as at:
            try:
                _book(self.desk.exchange, asked, at)
            except ValueError as error:
                return refused(bad_request(str(error)))
        return Response(status_code=204)

    async def reject(self, request: Request) -> Response:
        """`{"reason": text}`: an open order is rejected."""
        asked = await table_of(request)
        order_id = request.path_params["id"]
        with self.desk.work() as at:
            done = self.desk.exchange.reject(order_id, text(asked, "reason") or "rejected", at)
        return Response(status_code=204) if done else refused(order_not_found(order_id))


def _clock_json(clock: SimulatorClock) -> dict[str, Any]:
    return {"time": stamp(clock.now()), "speed": number(clock.speed)}


def _symbol(asked: Table, exchange: Exchange) -> str:
    symbol = text(asked, "symbol") or ""
    if exchange.assets.find(symbol) is None:
        raise UnreadableError(bad_request(f'asset "{symbol[:40]}" not found'))
    return symbol


def _needed(asked: Table, name: str) -> Decimal:
    value = decimal(asked, name)
    if value is None:
        raise UnreadableError(bad_request(f"{name} is required"))
    return value


def _move(exchange: Exchange, symbol: str, asked: Table, at: datetime) -> None:
    if "price" in asked:
        exchange.put_price(symbol, decimal(asked, "price"), at)
    if asked.get("halt") is True:
        exchange.halt(symbol, at)
    if asked.get("resume") is True:
        exchange.resume(symbol, at)
    if "drop" in asked:
        exchange.drop_quote(symbol, asked["drop"] is True, at)
    if asked.get("hold") is True:
        exchange.hold_fills(symbol, at)
    if asked.get("hold") is False:
        exchange.release_fills(symbol, at)


def _book(exchange: Exchange, asked: Table, at: datetime) -> None:
    match asked.get("kind"):
        case "deposit":
            exchange.deposit(_needed(asked, "amount"), at)
        case "withdrawal":
            gone = exchange.withdraw(_needed(asked, "amount"), at)
            if isinstance(gone, Failure):
                raise UnreadableError(gone.failure())
        case "interest":
            exchange.interest(_needed(asked, "amount"), at)
        case "fee":
            exchange.fee(_needed(asked, "amount"), at)
        case "dividend":
            exchange.dividend(_symbol(asked, exchange), _needed(asked, "per_share"), at)
        case "split":
            exchange.split(_symbol(asked, exchange), _needed(asked, "ratio"), at)
        case "removal":
            exchange.remove(_symbol(asked, exchange), _needed(asked, "cash"), at)
        case other:
            raise UnreadableError(bad_request(f"there is no activity {str(other)[:40]!r}"))
