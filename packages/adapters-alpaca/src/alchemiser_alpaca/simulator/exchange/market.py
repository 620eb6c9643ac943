"""The prices of the simulated exchange: paths through the daily bars of a feed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

from attrs import define, frozen
from returns.result import Result

from alchemiser_alpaca.simulator.exchange.sessions import Sessions
from alchemiser_core.domain.quote import Quote
from alchemiser_core.ports.market_data import MarketData, MarketDataUnavailable


@frozen
class Trade:
    """The last trade of a symbol."""

    symbol: str
    price: Decimal
    at: datetime


@frozen
class MarketBar:
    """A bar, in the numbers of the feed (market data is told in floats), dated by its start."""

    symbol: str
    at: datetime
    """Midnight in New York for daily bars."""
    open: float
    high: float
    low: float
    close: float
    volume: float
    trades: int
    vwap: float


@define
class SimulatedMarket:
    """Made by `market_of`. Nothing that it says depends on what comes after the time asked about.

    Within a session a price goes in a straight line from the open of the day's bar to its close,
    which it has from one minute before the end of the session on. A bar without an open starts at
    the close before it. Before the session it is that close as well. A symbol has no price before
    its first bar, nor more than two weeks after its last.
    """

    sessions: Sessions
    spread_bps: Decimal

    def quote(self, symbol: str, at: datetime) -> Quote | None:
        """Bid and ask around the price, whole ticks; `None` where there is none."""
        raise NotImplementedError

    def last_trade(self, symbol: str, at: datetime) -> Trade | None:
        """The price, dated when it was traded: never outside of the session."""
        raise NotImplementedError

    def previous_close(self, symbol: str, at: datetime) -> Decimal | None:
        """The close of the last session that was over before the day of `at`."""
        raise NotImplementedError

    def daily_bars(
        self, symbol: str, start: datetime, end: datetime, at: datetime, raw: bool = False
    ) -> tuple[MarketBar, ...]:
        """Bars that start from `start` to `end`, inclusive; that of the running session is partial.

        As the feed has them, adjusted for the splits that were booked; with `raw` as they were
        before those.
        """
        raise NotImplementedError

    def minute_bars(
        self, symbol: str, start: datetime, end: datetime, at: datetime, minutes: int = 1
    ) -> tuple[MarketBar, ...]:
        """Bars of the path, of completed periods of `minutes`."""
        raise NotImplementedError

    def is_halted(self, symbol: str) -> bool:
        """Whether trading in the symbol is halted."""
        raise NotImplementedError


def market_of(
    feed: MarketData,
    sessions: Sessions,
    symbols: Iterable[str],
    spread_bps: Decimal = Decimal(2),
) -> Result[SimulatedMarket, MarketDataUnavailable]:
    """The market of some symbols; their bars are read once, here."""
    raise NotImplementedError


def known(market: SimulatedMarket) -> Collection[str]:
    """The symbols that have a bar at all."""
    raise NotImplementedError
