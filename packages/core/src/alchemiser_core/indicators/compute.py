"""Compute the indicators asked for, each for the columns asked for, over all sessions at once."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.indicators.averages import exponential_averages
from alchemiser_core.indicators.doubling import Series
from alchemiser_core.indicators.requirement import bars_needed
from alchemiser_core.indicators.strength import relative_strength
from alchemiser_core.indicators.windows import Columns, rows_of, windowed

_AVERAGED = frozenset(
    {
        IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE,
        IndicatorKind.PPO,
        IndicatorKind.PPO_SIGNAL,
    }
)
_SMALL = 16_384
"""Values that are compared quicker than it is found out where there is nothing to compare."""


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
                results[measure] = windowed(measure, columns, runs)
            _blank(results[measure], bars_needed(measure), columns, runs)
    return results


def _possible(measure: Measure, columns: Columns, runs: PriceRuns) -> bool:
    """Whether any value can be there at all."""
    return len(columns) > 0 and bars_needed(measure) <= len(runs.values)


def _blank(series: Series, needed: int, columns: Columns, runs: PriceRuns) -> None:
    """NaN where the run has too few bars, and where the array itself is too short."""
    series[:, : needed - 1] = np.nan
    end = series.shape[1]
    if series.size > _SMALL:
        end = min(end, int(runs.settled[columns].max()) + needed - 1)
    age = rows_of(runs.own_age, columns)[:, :end]
    np.copyto(series[:, :end], np.nan, where=age < needed - 1)
