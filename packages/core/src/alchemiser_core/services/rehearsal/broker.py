"""The broker of a rehearsal: a simulated exchange whose prices are those a back-test fills at."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal

from attrs import define, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.account import Account, Activity, BrokerTime, HeldPosition
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.money import decimal_from_float
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import SubmissionFailure
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import BrokerCapabilities, BrokerFailure, BrokerUnavailable
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.quotes import QuotesUnavailable
from alchemiser_core.services.backtest.prices import SimulationPrices
from alchemiser_core.simulation.exchange import SimulatedExchange

NAME = "rehearsal"


@define
class FillPrices:
    """A market without a spread, at the fill prices of one session of a back-test.

    A last price stands in for a missing one as if it were of the session, as it does there.
    """

    prices: SimulationPrices
    row: int = 0
    _quoted: dict[Symbol, Decimal | None] = field(factory=dict, init=False)

    def stand_at(self, row: int) -> None:
        """Go to another session of the back-test."""
        self.row = row
        self._quoted.clear()

    def quote(self, symbol: Symbol, at: datetime) -> Quote | None:
        """The fill price as bid and ask; `None` before a symbol has had a price."""
        if symbol not in self._quoted:
            self._quoted[symbol] = self._price(symbol)
        price = self._quoted[symbol]
        return None if price is None else Quote(symbol, price, price, at)

    def _price(self, symbol: Symbol) -> Decimal | None:
        column = self.prices.place.get(symbol)
        never = self.prices.never_priced
        if column is None or (never is not None and never[self.row, column]):
            return None
        return decimal_from_float(float(self.prices.fill[self.row, column]))


@frozen(eq=False)
class RehearsalBroker:
    """Broker and quotes over a simulated exchange that lives at the time of a virtual clock."""

    exchange: SimulatedExchange
    clock: Clock

    @property
    def name(self) -> str:
        """Its name, for the journal."""
        return NAME

    @property
    def capabilities(self) -> BrokerCapabilities:
        """No real money; fractions as the instruments have it."""
        fractional = any(i.fractionable for i in self.exchange.listed.values())
        return BrokerCapabilities(is_live=False, fractional=fractional)

    def time(self) -> Result[BrokerTime, BrokerFailure]:
        """The clock's."""
        at = self._advanced()
        return Success(BrokerTime(at, self.exchange.is_open(at)))

    def account(self) -> Result[Account, BrokerFailure]:
        """Number and cash."""
        self._advanced()
        return Success(self.exchange.account())

    def positions(self) -> Result[tuple[HeldPosition, ...], BrokerFailure]:
        """What is held."""
        self._advanced()
        return Success(self.exchange.positions())

    def instruments(self, symbols: Collection[Symbol]) -> Result[Instruments, BrokerFailure]:
        """Those that the back-test trades."""
        return Success(self.exchange.instruments(symbols))

    def submit(self, request: OrderRequest) -> Result[OrderReport, SubmissionFailure]:
        """Filled at once, or refused."""
        outcome = self.exchange.submit(request, self.clock.now())
        return Failure(outcome.failure()) if isinstance(outcome, Failure) else outcome

    def order(self, client_order_id: str) -> Result[OrderReport | None, BrokerFailure]:
        """The order of that id."""
        return Success(self.exchange.order(client_order_id))

    def orders(self, since: date) -> Result[tuple[OrderReport, ...], BrokerFailure]:
        """Open orders, and those since that day."""
        self._advanced()
        return Success(self.exchange.orders(since))

    def cancel(self, broker_order_id: str) -> Result[None, BrokerFailure]:
        """Take a cancel."""
        if self.exchange.cancel(broker_order_id, self.clock.now()) is None:
            what = f"there is no order {broker_order_id}"
            return Failure(BrokerUnavailable((Problem("unknown-order", what, NAME),)))
        return Success(None)

    def activities(self, since: date) -> Result[tuple[Activity, ...], BrokerFailure]:
        """None ever: dividends and splits are in the adjusted prices."""
        return Success(self.exchange.activities(since))

    def quotes(
        self, symbols: Collection[Symbol]
    ) -> Result[Mapping[Symbol, Quote], QuotesUnavailable]:
        """The prices that orders are filled at."""
        at = self.clock.now()
        found = {symbol: self.exchange.market.quote(symbol, at) for symbol in symbols}
        return Success({symbol: quote for symbol, quote in found.items() if quote is not None})

    def _advanced(self) -> datetime:
        at = self.clock.now()
        self.exchange.advance(at)
        return at
