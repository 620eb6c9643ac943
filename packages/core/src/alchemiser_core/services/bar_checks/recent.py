"""The newest sessions of a history, laid out for the checks: prices, and how they moved.

A move is the price as a multiple of the symbol's last one, not more than `carry` sessions before:
1.02 is a rise of 2 %. Over longer gaps there is none, as no rule looks across them.
"""

from datetime import date
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BarHistory, Prices
from alchemiser_core.domain.continuity import PriceRuns, price_runs


@frozen(eq=False, slots=False)
class RecentBars:
    """The last rows of a history; arrays are sessions x symbols."""

    history: BarHistory
    """As many rows more as a last price is carried over."""
    skipped: int
    """How many of its rows are only there for that."""

    @cached_property
    def _runs(self) -> PriceRuns:
        return price_runs(self.history.close, self.history.carry)

    @property
    def close(self) -> Prices:
        """The closes of the sessions that are looked at, as they were given."""
        return self.history.close[self.skipped :]

    @cached_property
    def priced(self) -> NDArray[np.bool_]:
        """Whether there is a price that can be used, of that session's own."""
        return self._runs.present[self.skipped :]

    @cached_property
    def last_known(self) -> Prices:
        """The price of the session, or the last one carried over; NaN where there is neither."""
        return self._runs.values[self.skipped :]

    @cached_property
    def moves(self) -> Prices:
        """Price / last price; NaN where one of them is missing."""
        runs = self._runs
        found = np.full(runs.values.shape, np.nan)
        if len(found) > 1:
            with np.errstate(all="ignore"):  # prices of any size; what overflows is a jump, too
                np.divide(runs.values[1:], runs.values[:-1], out=found[1:], where=runs.present[1:])
        return found[self.skipped :]

    @cached_property
    def sizes(self) -> Prices:
        """How large each move is, whichever way: a fall counts as the rise that undoes it."""
        with np.errstate(all="ignore"):
            return np.fmax(self.moves, 1.0 / self.moves)

    def session(self, row: int) -> date:
        """The date of a row of these arrays."""
        return self.history.session(self.skipped + row)

    def before(self, row: int, column: int) -> int:
        """The row of `history` with the last price before a row of these arrays; -1: none."""
        present = self._runs.present[: self.skipped + row, column]
        places = np.flatnonzero(present)
        return int(places[-1]) if len(places) else -1


def recent_bars(history: BarHistory, sessions: int) -> RecentBars:
    """The last session of a history and `sessions` before it, or as many as there are."""
    first = max(len(history) - sessions - 1, 0)
    start = max(first - history.carry - 1, 0)
    known = history if start == 0 else history.rows(start, len(history))
    return RecentBars(known, first - start)
