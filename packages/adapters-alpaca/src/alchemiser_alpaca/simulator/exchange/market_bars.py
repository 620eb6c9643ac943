"""Bars of the simulated market as a service tells them: daily ones, and minutes of its path."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from alchemiser_alpaca.simulator.exchange.sessions import NEW_YORK, TradingDay, exchange_day
from alchemiser_alpaca.simulator.exchange.tape import DailyBar, path

if TYPE_CHECKING:
    from alchemiser_alpaca.simulator.exchange.market import SimulatedMarket

_SHARES_A_TRADE = 100


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
    """Shares; 0 where the feed has none."""

    trades: int
    """Made up: one for every hundred shares."""
    vwap: float
    """Made up: the mean of high, low and close."""


def daily_bars(
    market: "SimulatedMarket",
    symbol: str,
    within: tuple[datetime, datetime],
    at: datetime,
    raw: bool = False,
) -> Iterator[MarketBar]:
    """The bars whose start is in the range, both ends inclusive, oldest first.

    What is after `at` is not there, and the bar of the running session is that of its path so far.
    They are as the feed has them, adjusted for the splits that were booked; with `raw`, as they
    were before those.
    """
    tape = market.tapes.get(symbol)
    if tape is None:
        return
    start, end = within
    today = exchange_day(at)
    first = bisect_left(tape.days, exchange_day(start))
    for bar in tape.bars[first:]:
        begins = midnight(bar.day)
        if begins > end or bar.day > today:
            return
        so_far = bar if bar.day < today else _so_far(market, bar, at)
        if so_far is not None and begins >= start:
            until = bar.day if raw else date.max
            ratio = float(market.split_ratio(symbol, at, until)) if market.splits else 1.0
            yield _told(symbol, begins, so_far, ratio)


def minute_bars(
    market: "SimulatedMarket",
    symbol: str,
    within: tuple[datetime, datetime],
    at: datetime,
    minutes: int = 1,
) -> Iterator[MarketBar]:
    """The path of the price in periods of `minutes` that start in the range and are over by `at`;
    in the regular session alone, oldest first.
    """
    tape = market.tapes.get(symbol)
    if tape is None:
        return
    start, end = within
    for session in market.sessions.days(exchange_day(start), exchange_day(min(end, at))):
        bar = tape.on(session.day)
        if bar is None:
            continue
        for begins, ends in _periods(session, timedelta(minutes=minutes)):
            if begins > end or ends > at:
                return
            if begins >= start:
                yield _period(market, symbol, (bar, session), (begins, ends))


def midnight(day: date) -> datetime:
    """The start of a day in New York."""
    return datetime.combine(day, time(), NEW_YORK)


def _periods(session: TradingDay, length: timedelta) -> Iterator[tuple[datetime, datetime]]:
    begins = session.opens
    while begins < session.closes:
        ends = min(begins + length, session.closes)
        yield begins, ends
        begins = ends


def _period(
    market: "SimulatedMarket",
    symbol: str,
    day: tuple[DailyBar, TradingDay],
    period: tuple[datetime, datetime],
) -> MarketBar:
    bar, session = day
    begins, ends = period
    first, last = float(path(bar, session, begins)), float(path(bar, session, ends))
    share = (ends - begins) / (session.closes - session.opens)
    part = DailyBar(
        bar.day, first, max(first, last), min(first, last), last, bar.volume * share // 1
    )
    ratio = float(market.split_ratio(symbol, ends)) if market.splits else 1.0
    return _told(symbol, begins, part, ratio)


def _so_far(market: "SimulatedMarket", bar: DailyBar, at: datetime) -> DailyBar | None:
    """Today's bar as far as the session has gone; `None` before its first trade."""
    session = market.sessions.day(bar.day)
    if session is None or at < session.opens:
        return None
    if at >= session.closes:
        return bar
    now = float(path(bar, session, at))
    share = (at - session.opens) / (session.closes - session.opens)
    volume = bar.volume * share // 1
    return DailyBar(bar.day, bar.open, max(bar.open, now), min(bar.open, now), now, volume)


def _told(symbol: str, at: datetime, bar: DailyBar, ratio: float) -> MarketBar:
    volume = bar.volume if ratio == 1.0 else bar.volume * ratio // 1
    opened, high, low, close = (p / ratio for p in (bar.open, bar.high, bar.low, bar.close))
    return MarketBar(
        symbol=symbol,
        at=at,
        open=opened,
        high=high,
        low=low,
        close=close,
        volume=volume,
        trades=int(volume // _SHARES_A_TRADE) + 1,
        vwap=(high + low + close) / 3,
    )
