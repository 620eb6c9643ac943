"""The daily bars of one symbol, and the path that its price takes through a session."""

from bisect import bisect_left
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

import numpy as np
from attrs import frozen

from alchemiser_alpaca.simulator.exchange.sessions import TradingDay
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.money import CENT, decimal_from_float
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange.exact import EXACT

BEFORE_THE_CLOSE = timedelta(minutes=1)
"""From then on a price is the close."""
_SMALL_TICK = Decimal("0.0001")
_MICROSECOND = timedelta(microseconds=1)


@frozen
class DailyBar:
    """One row; prices in US dollars a share as the feed has them."""

    day: date
    open: float
    high: float
    low: float
    close: float
    volume: float


@frozen(eq=False)
class Tape:
    """The sessions on which a symbol has a close, in order."""

    bars: tuple[DailyBar, ...]
    rows: dict[date, int]
    days: list[date]

    def on(self, day: date) -> DailyBar | None:
        """The bar of a day; `None` where there is none."""
        row = self.rows.get(day)
        return None if row is None else self.bars[row]

    def before(self, day: date) -> DailyBar | None:
        """The last bar before a day."""
        row = bisect_left(self.days, day)
        return self.bars[row - 1] if row else None


def tape_of(history: BarHistory, symbol: Symbol) -> Tape:
    """The bars of one column; what a bar lacks beside its close is made of the closes."""
    column = history.columns[symbol]
    close = history.close[:, column]
    there = np.flatnonzero(~np.isnan(close))
    arrays = (history.open, history.high, history.low, history.volume)
    columns = [None if array is None else array[:, column] for array in arrays]
    bars, previous = [], float("nan")
    for row in there:
        last = float(close[row])
        values = [float("nan") if c is None else float(c[row]) for c in columns]
        bars.append(_bar(history.session(int(row)), values, last, previous))
        previous = last
    days = [bar.day for bar in bars]
    return Tape(tuple(bars), {day: row for row, day in enumerate(days)}, days)


def _bar(day: date, values: list[float], close: float, previous: float) -> DailyBar:
    opened, high, low, volume = values
    start = next(p for p in (opened, previous, close) if not np.isnan(p))
    top = max(p for p in (high, start, close) if not np.isnan(p))
    bottom = min(p for p in (low, start, close) if not np.isnan(p))
    return DailyBar(day, start, top, bottom, close, 0.0 if np.isnan(volume) else volume)


def path(bar: DailyBar, session: TradingDay, at: datetime) -> Decimal:
    """The price within the session: a straight line from open to close, in whole ticks."""
    opened, close = decimal_from_float(bar.open), decimal_from_float(bar.close)
    flat_from = max(session.opens, session.closes - BEFORE_THE_CLOSE)
    if at >= flat_from:
        return nearest_tick(close)
    gone, whole = at - session.opens, flat_from - session.opens
    share = EXACT.divide(Decimal(gone // _MICROSECOND), Decimal(whole // _MICROSECOND))
    moved = EXACT.multiply(EXACT.subtract(close, opened), share)
    return nearest_tick(EXACT.add(opened, moved))


def tick_at(price: Decimal) -> Decimal:
    """A cent from a dollar on, a hundredth of one below."""
    return CENT if price >= 1 else _SMALL_TICK


def nearest_tick(price: Decimal) -> Decimal:
    """The price in whole ticks, at least one."""
    return max(_SMALL_TICK, price.quantize(tick_at(price), ROUND_HALF_EVEN, EXACT))


def around(price: Decimal, spread_bps: Decimal) -> tuple[Decimal, Decimal]:
    """Bid and ask: half of the spread to each side, away from the price in whole ticks."""
    half = EXACT.divide(EXACT.multiply(price, spread_bps), Decimal(20_000))
    low, high = EXACT.subtract(price, half), EXACT.add(price, half)
    bid = low.quantize(tick_at(low), ROUND_FLOOR, EXACT)
    return max(_SMALL_TICK, bid), high.quantize(tick_at(high), ROUND_CEILING, EXACT)
