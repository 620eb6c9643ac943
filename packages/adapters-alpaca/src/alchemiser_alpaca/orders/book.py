"""The account's orders at the broker: sent, looked up, listed and cancelled."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_alpaca.connection.asking import told
from alchemiser_alpaca.connection.connection import Connection
from alchemiser_alpaca.connection.failures import (
    WHERE,
    CallFailure,
    Json,
    Refused,
    broker_failure,
    unreadable,
)
from alchemiser_alpaca.market_time import midnight
from alchemiser_alpaca.orders.parsing import (
    ListedOrder,
    is_of_several_legs,
    read_listed,
    read_order,
)
from alchemiser_alpaca.orders.refusals import submission_failure
from alchemiser_alpaca.orders.sending import order_body
from alchemiser_alpaca.reading import (
    Record,
    UnreadableError,
    optional_text,
    record,
    records,
)
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import OutcomeUnknown, SubmissionFailure
from alchemiser_core.domain.plain_text import plain_text
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.broker import BrokerFailure, BrokerUnavailable

_NO_SUCH_ORDER = 40410000
_PAGE = 500
_MOST_PAGES = 20
_OVERLAP = timedelta(milliseconds=1)
"""By which pages overlap: times are told more finely than they are read."""

_EARLIEST, _LATEST = date(1970, 1, 2), date(2100, 1, 1)
_BROKER_ID = re.compile(r"[0-9a-fA-F-]{1,64}")
_OVER = re.compile(r'already in .{0,3}"?(filled|canceled|expired|replaced|rejected|pending_cancel)')


@frozen(eq=False)
class OrderBook:
    """Orders over a connection to the trading server."""

    connection: Connection

    def submit(self, request: OrderRequest) -> Result[OrderReport, SubmissionFailure]:
        """Send an order once; an answer that is not about it leaves its outcome unknown."""
        body = order_body(request)
        if isinstance(body, Failure):
            return Failure(body.failure())
        answer = self.connection.post("/orders", body.unwrap())
        if isinstance(answer, Failure):
            return Failure(submission_failure(answer.failure()))
        try:
            report = read_order(record(answer.unwrap()))
        except UnreadableError as error:
            return Failure(OutcomeUnknown(plain_text(f"the answer cannot be read: {error}")))
        asked = (request.client_order_id, request.symbol, request.side)
        if (report.client_order_id, report.symbol, report.side) != asked:
            return Failure(OutcomeUnknown("the answer is about another order"))
        return Success(report)

    def order(self, client_order_id: str) -> Result[OrderReport | None, BrokerFailure]:
        """The order of an id; `None` only where the broker says, by its code, that it has none."""
        what = f"the order {client_order_id} cannot be looked up"
        parameters = {"client_order_id": client_order_id}
        answer = self.connection.get("/orders:by_client_order_id", parameters)
        if isinstance(answer, Failure):
            match answer.failure():
                case Refused(status=404, code=code) if code == _NO_SUCH_ORDER:
                    return Success(None)
                case failure:
                    return Failure(broker_failure(failure, what))
        found = told(answer, lambda json: read_order(record(json)), what)
        if isinstance(found, Failure):
            return Failure(found.failure())
        if found.unwrap().client_order_id != client_order_id:
            return Failure(unreadable(what, "the answer is about another order"))
        return Success(found.unwrap())

    def orders(self, since: date) -> Result[tuple[OrderReport, ...], BrokerFailure]:
        """Open orders, and all since New York's midnight of `since`; oldest first.

        The open ones are read first: one that ends meanwhile is in the second list, which counts.
        """
        known: dict[str, ListedOrder] = {}
        for query in ({"status": "open"}, {"status": "all", "after": _since(since)}):
            listed = self._listed(query)
            if isinstance(listed, Failure):
                return Failure(listed.failure())
            known |= {each.report.broker_order_id: each for each in listed.unwrap()}
        in_order = sorted(known.values(), key=lambda o: (o.submitted_at, o.report.broker_order_id))
        return Success(tuple(each.report for each in in_order))

    def cancel(self, broker_order_id: str) -> Result[None, BrokerFailure]:
        """Ask for a cancel. An order that is over already is one that needs none."""
        what = f"the order {plain_text(broker_order_id, 64)} cannot be cancelled"
        if _BROKER_ID.fullmatch(broker_order_id) is None:
            problem = Problem("unknown-order", what, WHERE, "the broker gives no such ids")
            return Failure(BrokerUnavailable((problem,)))
        answer = self.connection.delete(f"/orders/{broker_order_id}")
        if isinstance(answer, Failure) and not _is_over(answer.failure()):
            return Failure(broker_failure(answer.failure(), what))
        return Success(None)

    def _listed(self, query: Mapping[str, str]) -> Result[list[ListedOrder], BrokerFailure]:
        """A whole list: pages go on by the time of the last order, and overlap."""
        what = "the orders cannot be listed"
        found: dict[str, ListedOrder] = {}
        parameters = {**query, "limit": str(_PAGE), "direction": "asc"}
        for _ in range(_MOST_PAGES):
            page = told(self.connection.get("/orders", parameters), _read_page, what)
            if isinstance(page, Failure):
                return Failure(page.failure())
            rows, orders = page.unwrap()
            known = len(found)
            found |= {each.report.broker_order_id: each for each in orders}
            if rows < _PAGE:
                return Success(list(found.values()))
            if len(found) == known:
                return Failure(unreadable(what, "a page brings nothing new"))
            parameters["after"] = _stamp(max(o.submitted_at for o in orders) - _OVERLAP)
        return Failure(unreadable(what, f"the list does not end after {_MOST_PAGES} pages"))


def _read_page(json: Json) -> tuple[int, list[ListedOrder]]:
    """How many rows there are, and the orders among them that have a symbol and a side."""
    rows = records(json)
    return len(rows), [_named(row) for row in rows if not is_of_several_legs(row)]


def _named(row: Record) -> ListedOrder:
    """The order of a row; one that cannot be read is named, since it may be anybody's."""
    try:
        return read_listed(row)
    except UnreadableError as error:
        raise UnreadableError(f"{error}, of the order {optional_text(row, 'id')}") from error


def _is_over(failure: CallFailure) -> bool:
    match failure:
        case Refused(status=422, message=message):
            return _OVER.search(message) is not None
        case _:
            return False


def _since(day: date) -> str:
    return _stamp(midnight(min(max(day, _EARLIEST), _LATEST)) - _OVERLAP)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
