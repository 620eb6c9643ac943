"""The bars of one symbol, on its own days."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import FIELDS, Sessions

Column = NDArray[np.float64]
"""Shape (days,)."""


@frozen(eq=False)
class SymbolBars:
    """Bars of strictly increasing days; NaN where there is no value."""

    days: Sessions
    close: Column
    open: Column
    high: Column
    low: Column
    volume: Column

    def __len__(self) -> int:
        return len(self.days)

    def rows(self, chosen: NDArray[np.bool_] | slice) -> "SymbolBars":
        """The bars of some of the days."""
        return SymbolBars(self.days[chosen], *(getattr(self, name)[chosen] for name in FIELDS))
