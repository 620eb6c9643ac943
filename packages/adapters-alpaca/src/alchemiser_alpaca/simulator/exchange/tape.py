"""The daily bars of one symbol, and the path that its price takes through a session."""

from bisect import bisect_left
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

import numpy as np
from attrs import define, field, frozen

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


@define(eq=False)
class Tapes:
    """The tapes of all columns of a history, each made when it is first asked for."""

    history: BarHistory
    _made: dict[str, Tape | None] = field(factory=dict, init=False)

    def get(self, symbol: str) -> Tape | None:
        """The tape of a symbol; `None` where the history has no such column."""
        if symbol not in self._made:
            there = symbol in self.history.columns
            self._made[symbol] = tape_of(self.history, Symbol(symbol)) if there else None
        return self._made[symbol]

    def known(self) -> tuple[str, ...]:
        """The symbols that have a close at all, and were not withdrawn."""
        empty = frozenset(self.history.missing_symbols)
        names = (symbol for symbol in self.history.symbols if symbol not in empty)
        return tuple(name for name in names if self._made.get(name, True) is not None)

    def withdraw(self, symbol: str) -> None:
        """There are no bars of the symbol any more."""
        self._made[symbol] = None


def tape_of(history: BarHistory, symbol: Symbol) -> Tape:
    """The bars of one column; what a bar lacks beside its close is made of the closes."""
    column = history.columns[symbol]
    there = np.flatnonzero(~np.isnan(history.close[:, column]))
    close = history.close[there, column]
    arrays = (history.open, history.high, history.low, history.volume)
    nothing = np.full(len(there), np.nan)
    opened, high, low, volume = (nothing if a is None else a[there, column] for a in arrays)
    before = np.concatenate((close[:1], close[:-1]))
    start = np.where(np.isnan(opened), before, opened)
    top, bottom = np.fmax(np.fmax(high, start), close), np.fmin(np.fmin(low, start), close)
    days: list[date] = history.sessions[there].astype(object).tolist()
    columns = (start, top, bottom, close, np.nan_to_num(volume))
    bars = tuple(map(DailyBar, days, *(each.tolist() for each in columns)))
    return Tape(bars, {day: row for row, day in enumerate(days)}, days)


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
