"""Takes dividends out of a comparison where one vendor's prices have them in and the other's not.

Around a dividend such prices differ by right: by its yield from that day on, and by no more after
it. A wrong price differs otherwise: it comes and goes, is larger, or is of the session itself.
"""

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BarHistory, PriceBasis, Prices
from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.symbol import Symbol

_SMALLEST = 0.001
"""Yield below which a step between two vendors is what they round."""
_LARGEST = 0.05
"""Yield of the largest dividend that is taken for one."""
_UNDONE = 0.5
"""Part of a step that must not be taken back by its neighbours."""


def have_dividends_apart(ours: BarHistory, theirs: BarHistory) -> bool:
    """Whether, by their own word, the prices of just one have dividends in them."""
    return (ours.basis is PriceBasis.ADJUSTED) is not (theirs.basis is PriceBasis.ADJUSTED)


def with_our_dividends(ours: BarHistory, theirs: BarHistory, on_the_day: float) -> BarHistory:
    """Their bars with closes as if they had dividends in them where ours have, and none where ours
    have none; the last close stays.

    `on_the_day`: the largest yield that is taken for a dividend of the last session, where nothing
    after it tells it from a wrong price; 0.005 is half a percent.
    """
    if not have_dividends_apart(ours, theirs):
        return theirs
    common, here, there = np.intersect1d(
        ours.sessions, theirs.sessions, assume_unique=True, return_indices=True
    )
    if len(common) < 2:
        return theirs
    close = np.array(theirs.close)
    for symbol, column in theirs.columns.items():
        if symbol in ours.columns:
            factors = _factors(_column(ours, symbol)[here], close[there, column], ours, on_the_day)
            # Days of theirs alone go with the common one after them.
            rows = np.searchsorted(there, np.arange(len(close))).clip(max=len(there) - 1)
            close[:, column] *= factors[rows]
    return changed(theirs, close=close)


def _column(history: BarHistory, symbol: Symbol) -> NDArray[np.float64]:
    column: NDArray[np.float64] = history.close[:, history.columns[symbol]]
    return column


def _factors(
    ours: NDArray[np.float64], theirs: NDArray[np.float64], known: BarHistory, on_the_day: float
) -> Prices:
    """By what each of their closes is multiplied; the last by 1."""
    factors = np.ones(len(ours))
    good = np.flatnonzero((ours > 0) & (ours < np.inf) & (theirs > 0) & (theirs < np.inf))
    if len(good) < 2:
        return factors
    way = 1.0 if known.basis is PriceBasis.ADJUSTED else -1.0
    steps = way * np.diff(np.log(ours[good] / theirs[good]))
    paid = np.where(_are_dividends(steps, on_the_day), steps, 0.0)
    after = np.concatenate(([0.0], np.cumsum(paid)))
    levels = np.exp(way * (after - after[-1]))
    places = np.searchsorted(good, np.arange(len(ours))).clip(max=len(good) - 1)
    found: Prices = levels[places]
    return found


def _are_dividends(steps: NDArray[np.float64], on_the_day: float) -> NDArray[np.bool_]:
    """Which steps of the one price over the other stay, and are of the size of a dividend."""
    around = np.concatenate(([0.0], steps, [0.0]))
    stays = np.minimum(around[:-2], around[2:]) > -_UNDONE * steps
    sized = (steps > _SMALLEST) & (steps <= _LARGEST)
    sized[-1] &= bool(steps[-1] <= on_the_day)
    return stays & sized
