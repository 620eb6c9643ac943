"""The bars of one symbol as the bar store keeps them, and what has to be true of them."""

from typing import TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BadPrice, PriceBasis, Sessions
from alchemiser_core.domain.symbol import Symbol

Column: TypeAlias = NDArray[np.float64]
"""Shape (sessions,); NaN where there is no value."""

PRICES = ("open", "high", "low", "close")
COLUMNS = (*PRICES, "volume")
"""What is kept of each session, in the order of the file."""

MOST_SESSIONS = 100_000
"""Sessions of four centuries; a file that says it has more is not believed."""

_FIRST_DAY, _LAST_DAY = np.datetime64("0001-01-01", "D"), np.datetime64("9999-12-31", "D")
"""What Python's dates can hold."""


@frozen(eq=False)
class StoredSeries:
    """All bars of one symbol on one basis of prices.

    Whoever makes one vouches for it: days that are not strictly increasing, columns of another
    length, and prices that are zero, negative or infinite are a `ValueError`.
    """

    symbol: Symbol
    days: Sessions
    """`datetime64[D]`, strictly increasing, at least one."""
    close: Column
    """US dollars, as are `open`, `high` and `low`; positive and finite, NaN where there is none."""
    open: Column
    high: Column
    low: Column
    volume: Column
    """Shares; not negative, NaN where it is not known."""
    basis: PriceBasis
    source: str
    """Name of the feed that the bars come from."""
    synthetic: bool
    origin: str = ""
    """Fingerprint of the file that the series was imported from; empty for a feed's."""
    bad_prices: tuple[BadPrice, ...] = ()
    """Prices of the source that were never usable; NaN in the columns."""

    def __attrs_post_init__(self) -> None:
        fault = fault_of_days(self.days)
        for name in COLUMNS:
            values = getattr(self, name)
            fault = fault or fault_of_column(name, values, len(self.days))
        if fault:
            raise ValueError(f"{self.symbol}: {fault}")

    def column(self, name: str) -> Column:
        """One of `COLUMNS`."""
        values: Column = getattr(self, name)
        return values


def fault_of_days(days: Sessions) -> str:
    """Why these cannot be the days of a series; empty where they can."""
    if days.dtype != np.dtype("datetime64[D]") or days.ndim != 1:
        return f"days are {days.dtype} of shape {days.shape}, not a row of datetime64[D]"
    if not 0 < len(days) <= MOST_SESSIONS:
        return f"it has {len(days):,} sessions, not 1 to {MOST_SESSIONS:,}"
    if not (days[1:] > days[:-1]).all():
        return "its days are not strictly increasing"
    if not (days[0] >= _FIRST_DAY and days[-1] <= _LAST_DAY):
        return "its days are outside the calendar"
    return ""


def fault_of_column(name: str, values: Column, sessions: int) -> str:
    """Why these cannot be the prices or volumes of so many sessions; empty where they can."""
    if values.dtype != np.float64 or values.shape != (sessions,):
        return f"{name} is {values.dtype} of shape {values.shape}, not {sessions} of float64"
    least = values >= 0.0 if name == "volume" else values > 0.0
    fine = least & (values < np.inf)
    if fine.all() or np.isnan(values[~fine]).all():
        return ""
    wrong = values[~fine & ~np.isnan(values)][0]
    return f"{name} holds {wrong:g}"
