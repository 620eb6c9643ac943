"""What of a source's answer is taken: usable prices, of sessions that are over."""

from collections.abc import Mapping
from datetime import date

import numpy as np
from attrs import frozen

from alchemiser_core.domain.bar_rows import usable
from alchemiser_core.domain.bars import FIELDS, BadPrice, BarHistory, PriceBasis, Prices
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_sync.symbol_bars import Column, SymbolBars


@frozen(eq=False)
class Taken:
    """The usable part of an answer."""

    bars: Mapping[Symbol, SymbolBars]
    """Of the symbols that have any."""
    basis: PriceBasis
    synthetic: bool
    bad_prices: tuple[BadPrice, ...] = ()
    """Prices that are none: NaN in the bars, whose days stay."""
    running: tuple[date, ...] = ()
    """Days that were left out: later than the last session that is over."""

    @property
    def newest(self) -> date | None:
        """The last day of any bar."""
        return max((own.days[-1].item() for own in self.bars.values()), default=None)


def taken(history: BarHistory, through: date) -> Taken:
    """The bars of an answer up to the session of `through`, the last one that is over."""
    stop = history.row_at(through) + 1
    kept = history.rows(0, stop)
    bad = tuple(dict.fromkeys((*kept.bad_prices, *_bad_closes(kept))))
    bars = {symbol: own for symbol in history.symbols if len(own := _of_symbol(kept, symbol, bad))}
    return Taken(
        bars=bars,
        basis=history.basis,
        synthetic=history.synthetic,
        bad_prices=bad,
        running=tuple(history.sessions[stop:].tolist()),
    )


def _of_symbol(history: BarHistory, symbol: Symbol, bad: tuple[BadPrice, ...]) -> SymbolBars:
    """Days that have a close, or one that is none."""
    column = history.columns[symbol]

    def values(name: str) -> Column:
        array: Prices | None = getattr(history, name)
        if array is None:
            return np.full(len(history), np.nan)
        return usable(array[:, column], name)

    own = SymbolBars(history.sessions, *(values(name) for name in FIELDS))
    there = ~np.isnan(own.close)
    days = [price.session for price in bad if price.symbol == symbol]
    if days:
        there |= np.isin(own.days, np.array(days, dtype="datetime64[D]"))
    return own.rows(there)


def _bad_closes(history: BarHistory) -> tuple[BadPrice, ...]:
    """Closes that a feed should have left out by itself."""
    bad = np.isnan(usable(history.close, "close")) & ~np.isnan(history.close)
    return tuple(
        BadPrice(history.symbols[column], history.session(row), float(history.close[row, column]))
        for row, column in np.argwhere(bad).tolist()
    )
