"""The routes of orders and positions."""

from attrs import define
from returns.result import Failure
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_alpaca.simulator.exchange.queries import OrderQuery
from alchemiser_alpaca.simulator.exchange.refusal import (
    Refusal,
    bad_request,
    order_not_found,
    position_not_found,
)
from alchemiser_alpaca.simulator.http.reading import (
    UnreadableError,
    answer,
    changes_of,
    decimal,
    moment,
    refused,
    table_of,
    ticket_of,
    truth,
    whole,
    words,
)
from alchemiser_alpaca.simulator.wire.accounts import position_json
from alchemiser_alpaca.simulator.wire.orders import order_json

MOST_ORDERS = 500


@define(eq=False)
class OrderRoutes:
    """`/v2/orders`."""

    desk: Desk

    def routes(self) -> list[Route]:
        """All of them."""
        by_client = "/v2/orders:by_client_order_id"
        return [
            Route("/v2/orders", self.submit, methods=["POST"]),
            Route("/v2/orders", self.listed, methods=["GET"]),
            Route("/v2/orders", self.cancel_all, methods=["DELETE"]),
            Route(by_client, self.by_client_order_id, methods=["GET"]),
            Route("/v2/orders/{id}", self.one, methods=["GET"]),
            Route("/v2/orders/{id}", self.replace, methods=["PATCH"]),
            Route("/v2/orders/{id}", self.cancel, methods=["DELETE"]),
        ]

    async def submit(self, request: Request) -> Response:
        """Take an order."""
        ticket = ticket_of(await table_of(request))
        with self.desk.work() as at:
            taken = self.desk.exchange.submit(ticket, at)
        if isinstance(taken, Failure):
            return refused(taken.failure())
        return answer(order_json(taken.unwrap()))

    async def listed(self, request: Request) -> Response:
        """The orders of a query."""
        asked = request.query_params
        status = asked.get("status") or "open"
        if status not in ("open", "closed", "all"):
            raise UnreadableError(bad_request(f"invalid status: {status[:40]}"))
        query = OrderQuery(
            status=status,
            limit=whole(asked, "limit", 50, MOST_ORDERS),
            after=moment(asked, "after"),
            until=moment(asked, "until"),
            ascending=asked.get("direction") == "asc",
            side=asked.get("side") or None,
            symbols=words(asked, "symbols"),
            after_order_id=asked.get("after_order_id") or None,
            before_order_id=asked.get("before_order_id") or None,
        )
        with self.desk.work() as at:
            found = [order_json(order) for order in self.desk.exchange.orders(query, at)]
        return answer(found)

    async def one(self, request: Request) -> Response:
        """The order of an id."""
        asked = request.path_params["id"]
        with self.desk.work() as at:
            return _found(self.desk.exchange.order(asked, at), asked)

    async def by_client_order_id(self, request: Request) -> Response:
        """The order of a client order id."""
        asked = request.query_params.get("client_order_id", "")
        with self.desk.work() as at:
            return _found(self.desk.exchange.order_of_client(asked, at), asked)

    async def replace(self, request: Request) -> Response:
        """Another order in the place of one."""
        changes = changes_of(await table_of(request))
        with self.desk.work() as at:
            replaced = self.desk.exchange.replace(request.path_params["id"], changes, at)
        if isinstance(replaced, Failure):
            return refused(replaced.failure())
        return answer(order_json(replaced.unwrap()))

    async def cancel(self, request: Request) -> Response:
        """Ask for the cancel of one."""
        with self.desk.work() as at:
            asked = self.desk.exchange.cancel(request.path_params["id"], at)
        return refused(asked.failure()) if isinstance(asked, Failure) else Response(status_code=204)

    async def cancel_all(self, request: Request) -> Response:
        """Ask for the cancel of all."""
        with self.desk.work() as at:
            asked = self.desk.exchange.cancel_all(at)
        rows = [
            {"id": order, "status": 200}
            if refusal is None
            else {"id": order, "status": refusal.status, "body": refusal.body}
            for order, refusal in asked
        ]
        return answer(rows, 207)


def _found(order: SimulatedOrder | None, asked: str) -> Response:
    return refused(order_not_found(asked)) if order is None else answer(order_json(order))


@define(eq=False)
class PositionRoutes:
    """`/v2/positions`."""

    desk: Desk

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/v2/positions", self.listed, methods=["GET"]),
            Route("/v2/positions", self.close_all, methods=["DELETE"]),
            Route("/v2/positions/{symbol}", self.one, methods=["GET"]),
            Route("/v2/positions/{symbol}", self.close, methods=["DELETE"]),
        ]

    async def listed(self, request: Request) -> Response:
        """Everything that is held."""
        with self.desk.work() as at:
            held = [position_json(position) for position in self.desk.exchange.positions(at)]
        return answer(held)

    async def one(self, request: Request) -> Response:
        """What is held of one symbol."""
        with self.desk.work() as at:
            position = self.desk.exchange.position(request.path_params["symbol"], at)
        return (
            refused(position_not_found()) if position is None else answer(position_json(position))
        )

    async def close(self, request: Request) -> Response:
        """Sell a position or a part of it."""
        asked = request.query_params
        qty, percentage = decimal(asked, "qty"), decimal(asked, "percentage")
        if qty is not None and percentage is not None:
            raise UnreadableError(bad_request("only one of qty or percentage is accepted"))
        symbol = request.path_params["symbol"]
        with self.desk.work() as at:
            taken = self.desk.exchange.close_position(symbol, qty, percentage, at)
        if isinstance(taken, Failure):
            return refused(taken.failure())
        return answer(order_json(taken.unwrap()))

    async def close_all(self, request: Request) -> Response:
        """Sell everything."""
        cancel_orders = truth(request.query_params, "cancel_orders")
        with self.desk.work() as at:
            closed = self.desk.exchange.close_all(cancel_orders, at)
        rows = [
            {"symbol": symbol, "status": each.status, "body": each.body}
            if isinstance(each, Refusal)
            else {"symbol": symbol, "status": 200, "body": order_json(each)}
            for symbol, each in closed
        ]
        return answer(rows, 207)
