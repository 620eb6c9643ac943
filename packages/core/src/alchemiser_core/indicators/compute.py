"""Compute the indicators asked for, each for the columns asked for, over all sessions at once."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns
from alchemiser_core.indicators import windows
from alchemiser_core.indicators.recursive import RECURSIVE_KINDS, compute_recursive
from alchemiser_core.indicators.requirement import bars_needed, windows_of
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


def compute(
    measures: Mapping[Measure, Sequence[int]], runs: PriceRuns
) -> dict[Measure, NDArray[np.float64]]:
    """Each measure for the columns wanted of it: an array (wanted columns, sessions).

    NaN where the run has fewer bars than the measure needs, outside runs, and on sessions without
    a price of their own. A measure with a parameter left in it is a programming error.
    """
    wanted = {m: np.asarray(columns, dtype=np.intp) for m, columns in measures.items()}
    results: dict[Measure, NDArray[np.float64]] = {}
    with np.errstate(all="ignore"):
        possible = {m: c for m, c in wanted.items() if _possible(m, c, runs)}
        recursive = {m: c for m, c in possible.items() if m.kind in RECURSIVE_KINDS}
        values = compute_recursive(recursive, runs)
        for measure, columns in wanted.items():
            if measure not in possible:
                results[measure] = np.full((len(columns), len(runs.values)), np.nan)
                continue
            series = values.pop(measure, None)
            if series is None:
                series = _windowed(measure, columns, runs)
            results[measure] = series
            _blank(series, bars_needed(measure), columns, runs)
    return results


def _possible(measure: Measure, columns: Columns, runs: PriceRuns) -> bool:
    """Whether any value can be there at all."""
    return len(columns) > 0 and bars_needed(measure) <= len(runs.values)


def _windowed(measure: Measure, columns: Columns, runs: PriceRuns) -> Series:
    """A measure of the last sessions, slab by slab."""
    prices = runs.by_column
    if measure.kind is IndicatorKind.CURRENT_PRICE:
        return prices[columns]
    (window,) = windows_of(measure)
    kernel = _WINDOWED[measure.kind]
    out = np.empty((len(columns), prices.shape[1]))
    step = max(1, _SLAB // prices.shape[1])
    for begin in range(0, len(columns), step):
        slab = prices[columns[begin : begin + step]]
        kernel(slab.reshape(-1), window, out[begin : begin + step].reshape(-1))
    return out


def _blank(series: Series, needed: int, columns: Columns, runs: PriceRuns) -> None:
    """NaN where the run has too few bars, and where the array itself is too short."""
    series[:, : needed - 1] = np.nan
    np.copyto(series, np.nan, where=runs.bars[columns] < needed)
