"""The broker: an account at Alpaca, or at a server on this machine that speaks as it does."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import define, field
from returns.result import Result

from alchemiser_alpaca.account.assets import Assets
from alchemiser_alpaca.account.history import AccountHistory
from alchemiser_alpaca.account.reader import AccountReader
from alchemiser_alpaca.addresses import Addresses
from alchemiser_alpaca.calendar import read_sessions
from alchemiser_alpaca.connection.connection import Connection
from alchemiser_alpaca.data.corporate_actions import ActionSource
from alchemiser_alpaca.orders.book import OrderBook
from alchemiser_alpaca.quotes import AlpacaQuotes
from alchemiser_alpaca.self_check import SelfChecks
from alchemiser_core.domain.account import Account, Activity, BrokerTime, HeldPosition
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import SubmissionFailure
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import BrokerCapabilities, BrokerFailure
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.order_updates import OrderUpdates
from alchemiser_core.ports.quotes import QuotesUnavailable
from alchemiser_core.ports.self_check import Finding
from alchemiser_core.services.clocked_updates import ClockedUpdates

if TYPE_CHECKING:
    from collections.abc import Callable

    from alchemiser_alpaca.streams.trade_updates import TradeUpdates

ALPACA = "alpaca"

MARKET_COLLAR = Decimal("0.045")
"""Of its value a market buy by quantity may hold back so much more cash: 4 % of the ask, while its
value goes by the mid of a quote whose spread may be nearly 1 %.
"""


@define(eq=False)
class AlpacaBroker:
    """`Broker`, `Quotes`, `KeepsCalendar`, `TellsOfOrders` and `SelfCheck` of one account.

    Used by one thread; streams have threads of their own. `close` ends everything.
    """

    trading: Connection
    data: Connection
    addresses: Addresses
    live_quotes: AlpacaQuotes
    open_updates: "Callable[[Clock], TradeUpdates] | None"
    """Opens the stream of order updates; `None` where it is not wanted."""
    checks: SelfChecks
    name: str = ALPACA
    _orders: OrderBook = field(init=False)
    _account: AccountReader = field(init=False)
    _assets: Assets = field(init=False)
    _history: AccountHistory = field(init=False)
    _updates: "TradeUpdates | None" = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self._orders = OrderBook(self.trading)
        self._account = AccountReader(self.trading, self.addresses)
        self._assets = Assets(self.trading)
        self._history = AccountHistory(self.trading, ActionSource(self.data))

    @property
    def capabilities(self) -> BrokerCapabilities:
        """What the account can do; `is_live` by the server that it is traded at."""
        return BrokerCapabilities(
            is_live=self.addresses.is_live,
            fractional=True,
            market_collar=MARKET_COLLAR,
            is_local=self.addresses.is_local,
        )

    def time(self) -> Result[BrokerTime, BrokerFailure]:
        """The broker's clock."""
        return self._account.time()

    def market_sessions(
        self, start: date, end: date
    ) -> Result[tuple[TradingSession, ...], BrokerFailure]:
        """The vendor's sessions of these days, half days and closures among them."""
        return read_sessions(self.trading, start, end)

    def account(self) -> Result[Account, BrokerFailure]:
        """Number and cash; a paper account at the live server, or the reverse, is a failure."""
        return self._account.account()

    def positions(self) -> Result[tuple[HeldPosition, ...], BrokerFailure]:
        """Everything that is held, options and coins by the names that the vendor gives them."""
        return self._account.positions()

    def instruments(self, symbols: Collection[Symbol]) -> Result[Instruments, BrokerFailure]:
        """How symbols are traded, remembered for as long as the broker lives."""
        return self._assets.instruments(symbols)

    def submit(self, request: OrderRequest) -> Result[OrderReport, SubmissionFailure]:
        """Send an order for the day, once."""
        return self._orders.submit(request)

    def order(self, client_order_id: str) -> Result[OrderReport | None, BrokerFailure]:
        """The order of that id."""
        return self._orders.order(client_order_id)

    def orders(self, since: date) -> Result[tuple[OrderReport, ...], BrokerFailure]:
        """Open orders, and those submitted since midnight of New York; orders of several legs,
        which have no symbol and no side, are left out.
        """
        return self._orders.orders(since)

    def cancel(self, broker_order_id: str) -> Result[None, BrokerFailure]:
        """Ask for a cancel; an order that is over is none to be cancelled."""
        return self._orders.cancel(broker_order_id)

    def activities(self, since: date) -> Result[tuple[Activity, ...], BrokerFailure]:
        """What moved cash and shares without an order. What the adapter does not understand for
        certain is left out; the reconciliation then finds the difference, and stops.
        """
        return self._history.activities(since)

    def quotes(
        self, symbols: Collection[Symbol]
    ) -> Result[Mapping[Symbol, Quote], QuotesUnavailable]:
        """The latest quotes of the configured tape."""
        return self.live_quotes.quotes(symbols)

    def order_updates(self, clock: Clock) -> OrderUpdates:
        """Hints of what happens to orders, until the broker is closed or asked anew: the vendor
        takes one connection for each account.
        """
        self._end_updates()
        if self.open_updates is None:
            return ClockedUpdates(clock)
        self._updates = self.open_updates(clock)
        return self._updates

    def check(self) -> tuple[Finding, ...]:
        """Keys, account, clock, data plan, fractions and calendar."""
        return self.checks.findings(self)

    def close(self) -> None:
        """End the streams and let go of the servers."""
        self._end_updates()
        self.live_quotes.close()
        self.trading.close()
        self.data.close()

    def _end_updates(self) -> None:
        if self._updates is not None:
            self._updates.close()
