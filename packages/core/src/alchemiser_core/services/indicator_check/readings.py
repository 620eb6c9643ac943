"""Indicators computed by our own rules from somebody's bars, as of one session."""

from collections.abc import Iterable, Iterator
from datetime import date
from math import isnan, nan

import numpy as np
from attrs import frozen

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.continuity import PriceRuns, price_runs
from alchemiser_core.domain.measure import Measure
from alchemiser_core.domain.reasons import Measured
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.indicators import compute
from alchemiser_core.services.indicator_check.scales import Reading

_LATELY = 61
"""Closes by which it is known how much a symbol moves."""
_FEWEST = 11
"""Closes without which it is not known."""


@frozen(eq=False)
class SessionBars:
    """The bars of some symbols up to one session."""

    known: BarHistory
    as_of: date
    before: date | None
    """The session before, by our own bars; `None` where there was none."""

    def close(self, symbol: Symbol, day: date | None) -> float:
        """The close of a session, US dollars; NaN where there is none."""
        if day is None or symbol not in self.known.columns:
            return nan
        row = self.known.row_at(day)
        if row < 0 or self.known.session(row) != day:
            return nan
        close = float(self.known.close[row, self.known.columns[symbol]])
        return close if 0.0 < close < float("inf") else nan

    def has_session(self, symbol: Symbol) -> bool:
        """Whether the symbol has a price of that session."""
        return not isnan(self.close(symbol, self.as_of))

    def move(self, symbol: Symbol) -> float:
        """By how much the daily returns of the last sessions deviate, in percent; NaN where there
        are none.
        """
        if symbol not in self.known.columns:
            return nan
        close = self.known.close[-_LATELY:, self.known.columns[symbol]]
        close = close[(close > 0) & (close < np.inf)]
        if len(close) < _FEWEST:
            return nan
        return float(100.0 * np.std(close[1:] / close[:-1] - 1.0, ddof=1))

    def reading(self, measured: Measured, value: float) -> Reading:
        """A value among the closes of these bars."""
        symbol = measured.symbol
        return Reading(value, self.close(symbol, self.as_of), self.close(symbol, self.before))


def session_bars(history: BarHistory, as_of: date, before: date | None, carry: int) -> SessionBars:
    """A history up to a session; `carry` as in our own bars."""
    return SessionBars(changed(history.at(as_of), carry=carry), as_of, before)


def computed(bars: SessionBars, wanted: Iterable[Measured]) -> dict[Measured, float]:
    """Every indicator that the bars have a value for, in its units."""
    asked = [each for each in wanted if bars.has_session(each.symbol)]
    if not asked:
        return {}
    runs = price_runs(bars.known.close, bars.known.carry)
    measures: dict[Measure, list[Symbol]] = {}
    for each in asked:
        measures.setdefault(each.measure, []).append(each.symbol)
    return dict(_values(bars, measures, runs))


def _values(
    bars: SessionBars, measures: dict[Measure, list[Symbol]], runs: PriceRuns
) -> Iterator[tuple[Measured, float]]:
    columns = bars.known.columns
    series = compute({m: [columns[s] for s in names] for m, names in measures.items()}, runs)
    for measure, names in measures.items():
        for symbol, value in zip(names, series[measure][:, -1].tolist(), strict=True):
            if not isnan(value):
                yield Measured(measure, symbol), value
