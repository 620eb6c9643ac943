"""Indicators over the last N sessions.

Columns are laid end to end and worked on a slab at a time. Values whose window reaches over the
start of a run have no meaning; the caller blanks them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.indicators.doubling import (
    SCRATCH_ROWS,
    Series,
    trailing_deviation,
    trailing_sum,
    trailing_worst_ratio,
)
from alchemiser_core.indicators.requirement import windows_of

Columns = NDArray[np.intp]


def _returns(prices: Series, scratch: Series) -> Series:
    """Daily returns, in the last row of `scratch`; the first has no meaning."""
    returns: Series = scratch[-1]
    returns[:1] = np.nan
    np.divide(prices[1:], prices[:-1], out=returns[1:])
    returns -= 1.0
    return returns


def moving_average_price(prices: Series, window: int, out: Series, scratch: Series) -> None:
    """Mean of the last `window` closes."""
    trailing_sum(prices, window, out, scratch)
    out /= window


def cumulative_return(prices: Series, window: int, out: Series, scratch: Series) -> None:
    """Return over `window` sessions, in percent."""
    np.divide(prices[window:], prices[:-window], out=out[window:])
    out -= 1.0
    out *= 100.0


def moving_average_return(prices: Series, window: int, out: Series, scratch: Series) -> None:
    """Mean of the last `window` daily returns, in percent."""
    trailing_sum(_returns(prices, scratch), window, out, scratch)
    out /= window
    out *= 100.0


def stdev_return(prices: Series, window: int, out: Series, scratch: Series) -> None:
    """Sample standard deviation of the last `window` daily returns, in daily percent."""
    trailing_deviation(_returns(prices, scratch), window, out, scratch)
    out *= 100.0


def stdev_price(prices: Series, window: int, out: Series, scratch: Series) -> None:
    """Sample standard deviation of the last `window` closes, in the unit of the price."""
    trailing_deviation(prices, window, out, scratch)


def max_drawdown(prices: Series, window: int, out: Series, scratch: Series) -> None:
    """Largest fall from a peak within the last `window` closes, as a positive percentage."""
    trailing_worst_ratio(prices, window, out, scratch)
    np.subtract(1.0, out, out=out)
    out *= 100.0


SLAB = 65_536
"""Values that are worked on at a time: they and what is derived from them stay in cache."""

_WINDOWED = {
    IndicatorKind.MOVING_AVERAGE_PRICE: moving_average_price,
    IndicatorKind.CUMULATIVE_RETURN: cumulative_return,
    IndicatorKind.MOVING_AVERAGE_RETURN: moving_average_return,
    IndicatorKind.STDEV_RETURN: stdev_return,
    IndicatorKind.STDEV_PRICE: stdev_price,
    IndicatorKind.MAX_DRAWDOWN: max_drawdown,
}


def rows_of(array: NDArray[Any], columns: Columns) -> NDArray[Any]:
    """Rows of an array; a view where they follow each other."""
    first = int(columns[0])
    if (columns == np.arange(first, first + len(columns))).all():
        return array[first : first + len(columns)]
    return array[columns]


def windowed(measure: Measure, columns: Columns, runs: PriceRuns) -> Series:
    """A measure of the last sessions, slab by slab."""
    if measure.kind is IndicatorKind.CURRENT_PRICE:
        return runs.by_column[columns]
    (window,) = windows_of(measure)
    kernel = _WINDOWED[measure.kind]
    out = np.empty((len(columns), len(runs.values)))
    step = min(max(1, SLAB // out.shape[1]), len(columns))
    scratch = np.empty((SCRATCH_ROWS, step * out.shape[1]))
    for begin in range(0, len(columns), step):
        prices = rows_of(runs.by_column, columns[begin : begin + step]).reshape(-1)
        values = out[begin : begin + step].reshape(-1)
        kernel(prices, window, values, scratch[:, : len(prices)])
    return out
