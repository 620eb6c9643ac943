"""Comparing after rounding to 10 significant digits, so that rounding noise never decides.

Values are rounded to 10 significant digits, below 1 to 10 decimals; equal ones are equal. Only
pairs that are close enough for the rounding to matter are rounded at all: everywhere else the
plain comparison has the same outcome.
"""

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.symphony.ast import Comparator

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_DIGITS = 10
_POWERS = np.array([10.0**k for k in range(_DIGITS)])
"""1, 10, … 1e9: how many of them a magnitude reaches is how many digits stand before the point."""
_SCALES = np.array([10.0**k for k in range(_DIGITS, -1, -1)])
"""What to multiply by before rounding, by the number of digits before the point."""

_FEW = 3
"""So many places are filled quicker by comparing candidate after candidate than by sorting."""

_NEAR = 2e-9
"""Twice the widest spacing, relative, that 10 significant digits can have."""

_SIGN_TESTS = {
    Comparator.GREATER: np.greater,
    Comparator.LESS: np.less,
    Comparator.GREATER_OR_EQUAL: np.greater_equal,
    Comparator.LESS_OR_EQUAL: np.less_equal,
    Comparator.EQUAL: np.equal,
}
"""What each comparison says of left minus right."""


def round_significant(values: Floats) -> Floats:
    """`values` rounded to 10 significant digits, below 1 to 10 decimals; any shape."""
    magnitude = np.abs(values)
    small = magnitude < _POWERS[-1]
    before_point = np.searchsorted(_POWERS, magnitude, side="right")
    scale = _SCALES[before_point]
    with np.errstate(invalid="ignore"):
        rounded = np.rint(values * scale) / scale
    return np.where(small, rounded, _round_large(values))


def _round_large(values: Floats) -> Floats:
    out = values.copy()
    for index in np.flatnonzero(np.isfinite(values) & (np.abs(values) >= _POWERS[-1])):
        out.flat[index] = float(f"{out.flat[index]:.9e}")
    return out


def compare(comparator: Comparator, left: Floats, right: Floats) -> Flags:
    """`left comparator right`, element by element; False where either is NaN."""
    holds = _SIGN_TESTS[comparator]
    with np.errstate(invalid="ignore"):
        difference = left - right
        near = np.abs(difference) <= _NEAR * np.maximum(1.0, np.abs(left))
        outcome: Flags = holds(difference, 0.0)
    if near.any():
        close = np.flatnonzero(near)
        exact = round_significant(left[close]) - round_significant(right[close])
        outcome[close] = holds(exact, 0.0)
    return outcome


def choose_highest(scores: Floats, eligible: Flags, count: int) -> Flags:
    """Which candidates are among the `count` highest on each date.

    `scores` and `eligible` have shape (candidates, dates). Equal scores, after rounding, are
    taken in the order of the candidates; ineligible ones never.
    """
    if count >= len(scores):
        return eligible.copy()
    ranked = np.where(eligible, scores, -np.inf)
    cut = _highest(ranked, count)
    reach = cut - _NEAR * np.maximum(1.0, np.abs(cut))
    chosen: Flags = (ranked >= reach) & eligible
    for_ties = np.flatnonzero(number_chosen(chosen) > count)
    if for_ties.size:
        chosen[:, for_ties] = _break_ties(ranked[:, for_ties], count) & eligible[:, for_ties]
    return chosen


def number_chosen(chosen: Flags) -> NDArray[np.int32]:
    """How many candidates are chosen on each date."""
    number: NDArray[np.int32] = chosen.sum(axis=0, dtype=np.int32)
    return number


def _highest(ranked: Floats, count: int) -> Floats:
    """The `count`-th highest score of each date; a few are found quicker without sorting."""
    if count > _FEW:
        place = len(ranked) - count
        highest: Floats = np.partition(ranked, place, axis=0)[place]
        return highest
    best: list[Floats] = [ranked[0], *(np.full(ranked.shape[1], -np.inf) for _ in range(count - 1))]
    for challenger in ranked[1:]:
        for place, holder in enumerate(best):
            best[place] = np.maximum(holder, challenger)
            challenger = np.minimum(holder, challenger)
    return best[-1]


def _break_ties(ranked: Floats, count: int) -> Flags:
    order = np.argsort(-round_significant(ranked), axis=0, kind="stable")
    chosen = np.zeros(ranked.shape, dtype=bool)
    np.put_along_axis(chosen, order[:count], True, axis=0)
    return chosen
