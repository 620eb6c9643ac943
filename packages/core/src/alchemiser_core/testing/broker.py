"""A broker in memory: the simulated exchange behind the broker port, with time from a clock."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal

from attrs import define, field
from returns.result import Failure, Result, Success

from alchemiser_core.domain.account import Account, Activity, BrokerTime, HeldPosition
from alchemiser_core.domain.instrument import Instruments, fractional_shares
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import SubmissionFailure
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import BrokerCapabilities, BrokerFailure, BrokerUnavailable
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.quotes import QuotesUnavailable
from alchemiser_core.simulation.exchange import FixedMarket, SimulatedExchange


@define
class InMemoryBroker:
    """Broker and quotes over a simulated exchange, which is moved to the clock's time first."""

    exchange: SimulatedExchange
    clock: Clock
    name: str = "in-memory"
    keeps_time: bool = False
    requests: list[str] = field(factory=list)
    """The names of the methods that were called, in order."""

    @property
    def capabilities(self) -> BrokerCapabilities:
        """What the exchange can do."""
        exchange = self.exchange
        return BrokerCapabilities(
            is_live=exchange.is_live,
            fractional=any(i.fractionable for i in exchange.listed.values()),
            market_collar=exchange.behaviour.collar,
            keeps_time=self.keeps_time,
        )

    def time(self) -> Result[BrokerTime, BrokerFailure]:
        """The clock's time, and whether the exchange is open."""
        at = self._called("time")
        return Success(BrokerTime(at, self.exchange.is_open(at)))

    def account(self) -> Result[Account, BrokerFailure]:
        """Number and cash."""
        self._called("account")
        return Success(self.exchange.account())

    def positions(self) -> Result[tuple[HeldPosition, ...], BrokerFailure]:
        """What is held."""
        self._called("positions")
        return Success(self.exchange.positions())

    def instruments(self, symbols: Collection[Symbol]) -> Result[Instruments, BrokerFailure]:
        """Those of the symbols that are listed."""
        self._called("instruments")
        return Success(self.exchange.instruments(symbols))

    def submit(self, request: OrderRequest) -> Result[OrderReport, SubmissionFailure]:
        """Accepted or refused, never in between."""
        at = self._called("submit")
        outcome = self.exchange.submit(request, at)
        return Failure(outcome.failure()) if isinstance(outcome, Failure) else outcome

    def order(self, client_order_id: str) -> Result[OrderReport | None, BrokerFailure]:
        """The order of that id."""
        self._called("order")
        return Success(self.exchange.order(client_order_id))

    def orders(self, since: date) -> Result[tuple[OrderReport, ...], BrokerFailure]:
        """Open orders, and those since that day."""
        self._called("orders")
        return Success(self.exchange.orders(since))

    def cancel(self, broker_order_id: str) -> Result[None, BrokerFailure]:
        """Take a cancel; an order that does not exist is a failure."""
        at = self._called("cancel")
        if self.exchange.cancel(broker_order_id, at) is None:
            return Failure(unknown_order(broker_order_id))
        return Success(None)

    def activities(self, since: date) -> Result[tuple[Activity, ...], BrokerFailure]:
        """What happened beside the orders."""
        self._called("activities")
        return Success(self.exchange.activities(since))

    def quotes(
        self, symbols: Collection[Symbol]
    ) -> Result[Mapping[Symbol, Quote], QuotesUnavailable]:
        """The exchange's own prices."""
        at = self._called("quotes")
        found = {s: self.exchange.market.quote(s, at) for s in symbols}
        return Success({s: quote for s, quote in found.items() if quote is not None})

    def _called(self, method: str) -> datetime:
        self.requests.append(method)
        at = self.clock.now()
        self.exchange.advance(at)
        return at


def unknown_order(broker_order_id: str) -> BrokerUnavailable:
    """The failure of a cancel of an order that the broker has not."""
    return BrokerUnavailable(
        (
            Problem(
                code="unknown-order",
                what=f"the broker has no order {broker_order_id}",
                hint="look it up by its client order id",
            ),
        )
    )


def in_memory_broker(
    clock: Clock,
    prices: Mapping[str, str | int | Decimal],
    cash: str | int | Decimal = 100_000,
    number: str = "TEST-1",
) -> InMemoryBroker:
    """A broker with cash and a market without spread that trades nine decimals of a share.

    `broker.exchange` has everything else: its market, its behaviour, its ledger.
    """
    listed = fractional_shares(Symbol(s) for s in prices)
    exchange = SimulatedExchange(number, FixedMarket.of(prices), listed)
    exchange.fund(Decimal(cash), clock.now())
    return InMemoryBroker(exchange, clock)
