"""What is stored next: new bars after old ones, or a whole history in the place of another."""

import numpy as np

from alchemiser_core.domain.bars import FIELDS
from alchemiser_core.services.bar_sync.symbol_bars import Column, SymbolBars

MAY_LACK = 0.05
"""Share of the stored sessions that a new history may lack altogether.

A vendor that gives its newest 5,000 sessions begins a quarter later with each dividend. A history
that lacks more is taken for one that is not whole.
"""

MAY_LACK_BETWEEN = 0.002
"""Share that it may lack after its own first session: a vendor takes back a bar now and then, and
what lacks a month is a history with a hole.
"""


def merged(old: SymbolBars, new: SymbolBars) -> SymbolBars:
    """The bars of both; of the days that both have, what the new ones say.

    A value that only the old ones have stays: a request for closes must not blank what there is.
    """
    days = np.union1d(old.days, new.days)
    ours, theirs = np.searchsorted(days, old.days), np.searchsorted(days, new.days)

    def column(name: str) -> Column:
        values = np.full(len(days), np.nan)
        values[ours] = getattr(old, name)
        given: Column = getattr(new, name)
        values[theirs] = np.where(np.isnan(given), values[theirs], given)
        return values

    return SymbolBars(days, *(column(name) for name in FIELDS))


def is_same(old: SymbolBars, new: SymbolBars) -> bool:
    """Whether both hold the same values on the same days."""
    return np.array_equal(old.days, new.days) and all(
        np.array_equal(getattr(old, name), getattr(new, name), equal_nan=True) for name in FIELDS
    )


def lost_by(old: SymbolBars, new: SymbolBars) -> int:
    """How many sessions `old` has and `new` does not."""
    return int((~np.isin(old.days, new.days)).sum())


def is_whole(old: SymbolBars, new: SymbolBars) -> bool:
    """Whether `new` may take the place of `old`: it reaches as far, and lacks little of it."""
    if not len(new) or new.days[-1] < old.days[-1]:
        return False
    between = lost_by(old.rows(old.days >= new.days[0]), new)
    return lost_by(old, new) <= max(1.0, MAY_LACK * len(old)) and between <= max(
        1.0, MAY_LACK_BETWEEN * len(old)
    )
