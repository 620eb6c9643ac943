"""Compute the indicators asked for, each for the columns asked for, over all sessions at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns
from alchemiser_core.indicators import windows
from alchemiser_core.indicators.averages import exponential_averages
from alchemiser_core.indicators.requirement import bars_needed, windows_of
from alchemiser_core.indicators.strength import relative_strength
from alchemiser_core.symphony.ast import IndicatorKind, Measure

Columns = NDArray[np.intp]
Series = NDArray[np.float64]

_SLAB = 65_536
"""Values that are worked on at a time: they and what is derived from them stay in cache."""

_WINDOWED = {
    IndicatorKind.MOVING_AVERAGE_PRICE: windows.moving_average_price,
    IndicatorKind.CUMULATIVE_RETURN: windows.cumulative_return,
    IndicatorKind.MOVING_AVERAGE_RETURN: windows.moving_average_return,
    IndicatorKind.STDEV_RETURN: windows.stdev_return,
    IndicatorKind.STDEV_PRICE: windows.stdev_price,
    IndicatorKind.MAX_DRAWDOWN: windows.max_drawdown,
}
_AVERAGED = frozenset(
    {
        IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE,
        IndicatorKind.PPO,
        IndicatorKind.PPO_SIGNAL,
    }
)


def compute(
    measures: Mapping[Measure, Sequence[int]], runs: PriceRuns
) -> dict[Measure, NDArray[np.float64]]:
    """Each measure for the columns wanted of it: an array (wanted columns, sessions).

    NaN where the run has fewer bars than the measure needs, outside runs, and on sessions without
    a price of their own. A measure with a parameter left in it is a programming error.
    """
    wanted = {m: np.asarray(columns, dtype=np.intp) for m, columns in measures.items()}
    with np.errstate(all="ignore"):
        possible = {m: c for m, c in wanted.items() if _possible(m, c, runs)}
        strengths = {m: c for m, c in possible.items() if m.kind is IndicatorKind.RSI}
        averages = {m: c for m, c in possible.items() if m.kind in _AVERAGED}
        results = relative_strength(strengths, runs) | exponential_averages(averages, runs)
        for measure, columns in wanted.items():
            if measure not in possible:
                results[measure] = np.full((len(columns), len(runs.values)), np.nan)
                continue
            if measure not in results:
                results[measure] = _windowed(measure, columns, runs)
            _blank(results[measure], bars_needed(measure), columns, runs)
    return results


def _possible(measure: Measure, columns: Columns, runs: PriceRuns) -> bool:
    """Whether any value can be there at all."""
    return len(columns) > 0 and bars_needed(measure) <= len(runs.values)


def _rows(array: NDArray[Any], columns: Columns) -> NDArray[Any]:
    """Rows of an array; a view where they follow each other."""
    first = int(columns[0])
    if (columns == np.arange(first, first + len(columns))).all():
        return array[first : first + len(columns)]
    return array[columns]


def _windowed(measure: Measure, columns: Columns, runs: PriceRuns) -> Series:
    """A measure of the last sessions, slab by slab."""
    if measure.kind is IndicatorKind.CURRENT_PRICE:
        return runs.by_column[columns]
    (window,) = windows_of(measure)
    kernel = _WINDOWED[measure.kind]
    out = np.empty((len(columns), len(runs.values)))
    step = min(max(1, _SLAB // out.shape[1]), len(columns))
    scratch = np.empty((windows.SCRATCH_ROWS, step * out.shape[1]))
    for begin in range(0, len(columns), step):
        prices = _rows(runs.by_column, columns[begin : begin + step]).reshape(-1)
        values = out[begin : begin + step].reshape(-1)
        kernel(prices, window, values, scratch[:, : len(prices)])
    return out


def _blank(series: Series, needed: int, columns: Columns, runs: PriceRuns) -> None:
    """NaN where the run has too few bars, and where the array itself is too short."""
    series[:, : needed - 1] = np.nan
    np.copyto(series, np.nan, where=_rows(runs.own_age, columns) < needed - 1)
