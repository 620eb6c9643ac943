"""Closing prices that holdings are valued at: the last close of a symbol, however long ago."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.money import decimal_from_float
from alchemiser_core.domain.quote import Mark
from alchemiser_core.domain.symbol import Symbol


@frozen(eq=False, slots=False)
class LastCloses:
    """The last closes of a history, session by session."""

    history: BarHistory

    @cached_property
    def _latest(self) -> NDArray[np.intp]:
        """Row of the last usable close up to each session, -1 before the first; as the closes."""
        close = self.history.close
        usable = (close > 0) & (close < np.inf)
        rows = np.arange(len(close), dtype=np.intp)[:, np.newaxis]
        latest: NDArray[np.intp] = np.maximum.accumulate(np.where(usable, rows, -1), axis=0)
        return latest

    def marks(self, as_of: date, symbols: Iterable[Symbol]) -> dict[Symbol, Mark]:
        """The last close of each symbol up to a session, and its age in sessions.

        A symbol that never had a usable close, or is not in the history, is not in the answer.
        """
        row = self.history.row_at(as_of)
        found: dict[Symbol, Mark] = {}
        if row < 0:
            return found
        for symbol in sorted(set(symbols) & self.history.columns.keys()):
            column = self.history.columns[symbol]
            latest = int(self._latest[row, column])
            if latest >= 0:
                price = decimal_from_float(float(self.history.close[latest, column]))
                found[symbol] = Mark(symbol, price, self.history.session(latest), row - latest)
        return found
