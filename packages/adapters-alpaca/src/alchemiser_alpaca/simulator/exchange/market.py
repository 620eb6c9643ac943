"""The prices of the simulated exchange: paths through the daily bars of a feed."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import prod

from attrs import define, field, frozen
from returns.result import Result

from alchemiser_alpaca.simulator.exchange.market_bars import MarketBar as MarketBar
from alchemiser_alpaca.simulator.exchange.market_bars import daily_bars, minute_bars
from alchemiser_alpaca.simulator.exchange.sessions import Sessions, exchange_day
from alchemiser_alpaca.simulator.exchange.tape import (
    Tape,
    Tapes,
    around,
    nearest_tick,
    path,
)
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.money import decimal_from_float
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest, MarketData, MarketDataUnavailable
from alchemiser_core.simulation.exchange.exact import EXACT

CARRIED = timedelta(days=14)
"""How long after its last bar a symbol still has a price."""


@frozen
class Trade:
    """The last trade of a symbol."""

    symbol: str
    price: Decimal
    """US dollars a share."""
    at: datetime


@frozen
class Split:
    """New shares for old ones, from a time on."""

    symbol: str
    ratio: Decimal
    """New shares for one."""
    at: datetime


@define
class SimulatedMarket:
    """Made by `market_of`. Nothing that it says depends on what comes after the time asked about.

    Within a session a price goes in a straight line from the open of the day's bar to its close,
    which it has from one minute before the end of the session on. A bar without an open starts at
    the close before it. Before the session it is that close as well. A symbol has no price before
    its first bar, nor more than two weeks after its last. Prices are whole ticks: a cent from a
    dollar on, a hundredth of one below.
    """

    sessions: Sessions
    spread_bps: Decimal
    """Of the quotes; where it is above 0, bid and ask are a tick or more apart."""
    tapes: Tapes
    last_day: date
    """Of the bars; what comes after it is one long day at the last closes."""
    splits: list[Split] = field(factory=list)
    _put: dict[str, Trade] = field(factory=dict)
    _dropped: set[str] = field(factory=set)
    _halted: set[str] = field(factory=set)

    def quote(self, symbol: str, at: datetime) -> Quote | None:
        """Bid and ask around the price, in whole ticks; `None` where there is none.

        Dated `at` in the session and in the hours around it, else as old as it is.
        """
        found = self._standing(symbol, at)
        if found is None or symbol in self._dropped:
            return None
        bid, ask = around(found.price, self.spread_bps)
        return Quote(Symbol(symbol), bid, ask, self._quoted_at(found, at))

    def last_trade(self, symbol: str, at: datetime) -> Trade | None:
        """The price, dated when it was traded: never outside of the session."""
        return self._standing(symbol, at)

    def previous_close(self, symbol: str, at: datetime) -> Decimal | None:
        """The close of the last bar before the day of `at` in New York."""
        tape = self.tapes.get(symbol)
        bar = None if tape is None else tape.before(exchange_day(at))
        if bar is None:
            return None
        return self._after_splits(symbol, decimal_from_float(bar.close), at)

    def split_ratio(self, symbol: str, at: datetime, until: date = date.max) -> Decimal:
        """New shares for one of old, over the splits up to a time and to the end of a day."""
        ratios = (
            each.ratio
            for each in self.splits
            if each.symbol == symbol and each.at <= at and exchange_day(each.at) <= until
        )
        return prod(ratios, start=Decimal(1))

    def known(self) -> tuple[str, ...]:
        """The symbols that have a bar at all."""
        return self.tapes.known()

    def daily_bars(
        self, symbol: str, start: datetime, end: datetime, at: datetime, raw: bool = False
    ) -> tuple[MarketBar, ...]:
        """The bars whose start is in the range, both ends inclusive, oldest first.

        What is after `at` is not there, and the bar of the running session is that of its path so
        far. They are as the feed has them, adjusted for the splits that were booked; with `raw`, as
        they were before those.
        """
        return tuple(daily_bars(self, symbol, (start, end), at, raw))

    def minute_bars(
        self, symbol: str, start: datetime, end: datetime, at: datetime, minutes: int = 1
    ) -> tuple[MarketBar, ...]:
        """The path of the price in periods of `minutes` that start in the range and are over by
        `at`; in the regular session alone, oldest first.
        """
        return tuple(minute_bars(self, symbol, (start, end), at, minutes))

    # What faults and tests do; an exchange has to be told, so use its methods of the same names

    def is_halted(self, symbol: str) -> bool:
        """Whether trading in the symbol is halted."""
        return symbol in self._halted

    def halt(self, symbol: str) -> None:
        """Nothing is executed."""
        self._halted.add(symbol)

    def resume(self, symbol: str) -> None:
        """Trading goes on."""
        self._halted.discard(symbol)

    def put(self, symbol: str, price: Decimal, at: datetime) -> None:
        """The price is that from now on."""
        self._put[symbol] = Trade(symbol, price, at)

    def put_back(self, symbol: str) -> None:
        """The price is that of the bars again."""
        self._put.pop(symbol, None)

    def drop(self, symbol: str, dropped: bool = True) -> None:
        """The symbol has no bid and ask, or has them again."""
        (self._dropped.add if dropped else self._dropped.discard)(symbol)

    def split(self, symbol: str, ratio: Decimal, at: datetime) -> None:
        """Prices are divided by the ratio from now on."""
        self.splits.append(Split(symbol, ratio, at))

    # How it comes about

    def _standing(self, symbol: str, at: datetime) -> Trade | None:
        put = self._put.get(symbol)
        if put is not None and at >= put.at:
            return Trade(symbol, put.price, self._traded_at(exchange_day(at), at) or put.at)
        tape = self.tapes.get(symbol)
        if tape is None:
            return None
        day = exchange_day(at)
        bar, session = tape.on(day), self.sessions.day(day)
        if bar is not None and session is not None and at >= session.opens:
            price = path(bar, session, at)
            return Trade(symbol, self._split_price(symbol, price, at), min(at, session.closes))
        return self._carried(symbol, tape, day, at)

    def _carried(self, symbol: str, tape: Tape, day: date, at: datetime) -> Trade | None:
        last = tape.before(day)
        if last is None or day - last.day > CARRIED:
            return None
        price = self._after_splits(symbol, decimal_from_float(last.close), at)
        live = self._traded_at(day, at) if day > self.last_day else None
        return Trade(symbol, price, live or self._traded_at(last.day, at) or at)

    def _traded_at(self, day: date, at: datetime) -> datetime | None:
        """The last moment of a day's session up to a time; `None` where there was none."""
        session = self.sessions.day(day)
        return None if session is None or at < session.opens else min(at, session.closes)

    def _quoted_at(self, trade: Trade, at: datetime) -> datetime:
        """Quotes go on from before the session until after it, and no longer."""
        session = self.sessions.day(exchange_day(at))
        if session is not None and session.extended_opens <= at < session.extended_closes:
            stale = trade.at < session.opens <= at
            return trade.at if stale else at
        return trade.at

    def _after_splits(self, symbol: str, price: Decimal, at: datetime) -> Decimal:
        return self._split_price(symbol, nearest_tick(price), at)

    def _split_price(self, symbol: str, price: Decimal, at: datetime) -> Decimal:
        if not self.splits:
            return price
        return nearest_tick(EXACT.divide(price, self.split_ratio(symbol, at)))


def market_of(
    feed: MarketData,
    sessions: Sessions,
    symbols: Iterable[str],
    spread_bps: Decimal = Decimal(2),
) -> Result[SimulatedMarket, MarketDataUnavailable]:
    """The market of some symbols; their bars are read once, here."""
    wanted = tuple(Symbol(symbol) for symbol in symbols)

    def made(history: BarHistory) -> SimulatedMarket:
        last_day = history.session(len(history) - 1) if len(history) else date.min
        return SimulatedMarket(sessions, spread_bps, Tapes(history), last_day)

    return feed.bars(BarRequest(wanted, closes_only=False)).map(made)
