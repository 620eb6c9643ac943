"""Whether closes that were stored come back as they were."""

from datetime import date

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.services.bar_sync.symbol_bars import SymbolBars

LARGEST_DIFFERENCE = 1e-6
"""Relative; closes that differ by more were changed.

A vendor rounds the same price in the same way each time, so what is left without a change is the
noise of floating point; and a dividend of one cent on a share of 10,000 USD is as large as this.
"""

_RECENT = 10
"""Changed sessions that the factor is taken from: the newest, whose prices are rounded least."""

_ROUNDING = 2e-3
"""By how much the factors of these may differ, relatively, where it is one for all: prices of a few
dollars that are rounded to cents.
"""


@frozen
class Change:
    """Closes that are not what they were."""

    first: date
    """First session whose close differs, of those that both have."""
    last: date
    """Last one; what happened, happened after it."""
    sessions: int
    """How many differ."""
    factor: float
    """New close through old one: the median over the newest of them."""
    reaches_back: bool
    """One of the older half of the closes that both have differs, so all that is older may; else
    those that differ are corrected, and what is older stands.

    The oldest alone would not say it: where prices are rounded, a small dividend leaves some of
    them as they were.
    """
    is_uniform: bool
    """Every close up to `last` was multiplied by the factor, as a split or a dividend does."""


def has_common_session(old: SymbolBars, new: SymbolBars) -> bool:
    """Whether there is a day to compare by: one of which both have a close."""
    ours, theirs = (bars.days[~np.isnan(bars.close)] for bars in (old, new))
    return bool(np.isin(ours, theirs).any())


def compared(old: SymbolBars, new: SymbolBars) -> Change | None:
    """What changed on the days that both have; `None` where nothing did."""
    days, ours, theirs = np.intersect1d(old.days, new.days, assume_unique=True, return_indices=True)
    ratio = new.close[theirs] / old.close[ours]
    changed = np.flatnonzero(np.abs(ratio - 1.0) > LARGEST_DIFFERENCE)
    if not len(changed):
        return None
    recent = ratio[changed[-_RECENT:]]
    factor = float(np.median(recent))
    last = int(changed[-1])
    return Change(
        first=days[changed[0]].item(),
        last=days[last].item(),
        sessions=len(changed),
        factor=factor,
        reaches_back=_reaches_back(ratio, int(changed[0])),
        is_uniform=_is_uniform(ratio[: last + 1], recent, factor),
    )


def _reaches_back(ratio: NDArray[np.float64], first: int) -> bool:
    """Whether fewer than half of the closes that both have are older than the first changed one."""
    both = ~np.isnan(ratio)
    return bool(2 * both[:first].sum() < both.sum())


def _is_uniform(
    up_to_last: NDArray[np.float64], recent: NDArray[np.float64], factor: float
) -> bool:
    """Whether all closes up to the last changed one moved, the newest of them by one factor.

    Some of them may have stayed: where a small price is rounded, a small dividend is not seen.
    """
    moved = np.abs(up_to_last[-_RECENT:] - 1.0) > LARGEST_DIFFERENCE
    spread = np.abs(recent / factor - 1.0)
    return bool(moved.all() and (spread <= _ROUNDING).all())
