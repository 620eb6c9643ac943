"""The scene of the broker's suites: what a subclass gives, and how orders are sent and read."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from typing import ClassVar, TypeVar

import pytest
from returns.result import Failure, Result

from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest, OrderType
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import Rejected, SubmissionFailure
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import Broker, BrokerFailure

Value = TypeVar("Value")


class BrokerScene:
    """Give the fixture `broker`: an open market, an account with cash that holds nothing and has no
    open order, and which fills market orders soon. Capabilities are the flags below.
    """

    known: ClassVar[tuple[str, str]] = ("SPY", "TLT")
    """Two symbols that can be traded."""
    unknown: ClassVar[str] = "NOSUCH"
    """One that the broker does not have."""
    quantity: ClassVar[Decimal] = Decimal(2)
    """Shares of a usual order, which the cash covers many times."""
    far_below: ClassVar[Decimal] = Decimal("0.50")
    """A limit, US dollars a share, at which nobody sells the first symbol."""
    has_quotes: ClassVar[bool] = True
    """The broker offers quotes too."""

    @pytest.fixture
    def broker(self) -> Broker:
        """The broker under test."""
        raise NotImplementedError("give a fixture named broker")

    @pytest.fixture
    def ids(self) -> Iterator[str]:
        """Client order ids that were never used."""
        return (f"alch-{number:032x}" for number in count(1))

    def settle(self, broker: Broker) -> None:
        """Let time pass until market orders are filled; a broker that fills at once needs none."""

    @property
    def first(self) -> Symbol:
        """The first of the known symbols."""
        return Symbol(self.known[0])

    def request(
        self,
        identifier: str,
        side: Side = Side.BUY,
        quantity: Decimal | None = None,
        symbol: str | None = None,
        limit: Decimal | None = None,
    ) -> OrderRequest:
        """A market order of the usual quantity of the first symbol, unless told otherwise."""
        return OrderRequest(
            client_order_id=ClientOrderId(identifier),
            symbol=Symbol(symbol or self.known[0]),
            side=side,
            quantity=self.quantity if quantity is None else quantity,
            order_type=OrderType.MARKET if limit is None else OrderType.LIMIT,
            limit_price=limit,
        )

    def traded(self, broker: Broker, request: OrderRequest) -> OrderReport:
        """Send an order and wait until it is filled."""
        accepted(broker.submit(request))
        self.settle(broker)
        report = read(broker.order(request.client_order_id))
        assert report is not None
        assert report.status is OrderStatus.FILLED, report
        return report

    def refused(self, broker: Broker, request: OrderRequest) -> Rejected:
        """Send an order that has to be refused, and leave no trace."""
        outcome = broker.submit(request)
        assert isinstance(outcome, Failure), f"accepted: {outcome}"
        refusal = outcome.failure()
        assert isinstance(refusal, Rejected), refusal
        assert refusal.problems()
        assert read(broker.order(request.client_order_id)) is None
        return refusal


def accepted(outcome: Result[OrderReport, SubmissionFailure]) -> OrderReport:
    """The report of an order that the broker took."""
    assert not isinstance(outcome, Failure), outcome.failure().problems()
    return outcome.unwrap()


def read(outcome: Result[Value, BrokerFailure]) -> Value:
    """What a read found; one that fails breaks the promise."""
    assert not isinstance(outcome, Failure), outcome.failure().problems()
    return outcome.unwrap()
