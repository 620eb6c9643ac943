"""The relative strength index (Wilder, 1978).

Wilder's averages of gains and of losses are kept as sums, `sum = sum * (N - 1) / N + change`: both
are smoothed alike, and only their ratio matters, so that the states of all windows read the same
gains and losses. The sums of the first N changes of a run are the seed.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns
from alchemiser_core.domain.measure import Measure
from alchemiser_core.indicators.recursion import Block, Places, States, scan, seed_places
from alchemiser_core.indicators.requirement import windows_of

Series = NDArray[np.float64]


def relative_strength(measures: Mapping[Measure, Places], runs: PriceRuns) -> dict[Measure, Series]:
    """RSI of the columns wanted of each measure; 50 where there are neither gains nor losses."""
    if not measures:
        return {}
    prices = runs.by_column
    sizes = [len(columns) for columns in measures.values()]
    columns = np.concatenate(list(measures.values()))
    window = np.repeat([windows_of(measure)[0] for measure in measures], sizes)
    used, position = np.unique(columns, return_inverse=True)
    out = np.full((len(columns), prices.shape[1]), np.nan)

    def gains_and_losses(begin: int, end: int) -> Block:
        return _gains_and_losses(prices, used, begin, end)

    def emit(begin: int, end: int, sums: Block) -> None:
        out[:, begin:end] = _ratio(sums[:, : len(columns)], sums[:, len(columns) :]).T

    states = _states(prices, columns, position, window, runs)
    scan(gains_and_losses, states, prices.shape[1], emit)
    ends = np.cumsum(sizes).tolist()
    return {m: out[end - size : end] for m, end, size in zip(measures, ends, sizes, strict=True)}


def _gains_and_losses(prices: Series, columns: Places, begin: int, end: int) -> Block:
    """Gains of all columns, then their losses; `begin` is behind the first session."""
    changes = np.diff(prices[columns, begin - 1 : end]).T
    both = np.empty((end - begin, 2 * len(columns)))
    np.maximum(changes, 0.0, out=both[:, : len(columns)])
    np.maximum(-changes, 0.0, out=both[:, len(columns) :])
    return both


def _states(
    prices: Series, columns: Places, position: Places, window: Places, runs: PriceRuns
) -> States:
    """The sums of gains of all pairs of window and column, then the sums of losses."""
    state, row, stop = seed_places(runs, columns, window)
    gains, losses = np.empty(len(state)), np.empty(len(state))
    for size in set(window.tolist()):
        chosen = np.flatnonzero(window[state] == size)
        sessions = row[chosen][:, None] + np.arange(-size, 1)
        changes = np.diff(prices[columns[state[chosen]][:, None], sessions])
        gains[chosen] = _total(np.maximum(changes, 0.0))
        losses[chosen] = _total(np.maximum(-changes, 0.0))
    decay = (window - 1) / window
    return States(
        source=np.concatenate([position, position + position.max(initial=0) + 1]),
        decay=np.concatenate([decay, decay]),
        state=np.concatenate([state, state + len(columns)]),
        row=np.concatenate([row, row]),
        stop=np.concatenate([stop, stop]),
        value=np.concatenate([gains, losses]),
    )


def _total(changes: Series) -> Series:
    """Sum of each row, added strictly one after the other whatever the layout."""
    total: Series = np.add.accumulate(changes, axis=1)[:, -1]
    return total


def _ratio(gains: Block, losses: Block) -> Block:
    total = gains + losses
    strength: Block = np.divide(gains, total)
    strength *= 100.0
    np.copyto(strength, 50.0, where=total == 0.0)
    return strength
