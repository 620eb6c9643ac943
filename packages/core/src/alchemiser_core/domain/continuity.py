"""Price series with gaps: short gaps are carried, longer ones cut a series into runs.

A session without a price keeps the last one while at most `carry` sessions have passed since it,
whatever comes later. After that nothing is carried, and a returning price begins a new run. Each
run is a series of its own: indicators never look across its first session.
"""

from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray

CARRY_SESSIONS = 5
"""Sessions for which a last price stands in for a missing one; longer gaps are stale."""


@frozen
class Runs:
    """The runs of all columns as a table, ordered by column, then by session."""

    start: NDArray[np.intp]
    """Row of the run's first session."""
    stop: NDArray[np.intp]
    """Row after the run's last session."""
    first: NDArray[np.intp]
    """For each column, where its runs begin in this table."""
    count: NDArray[np.intp]
    """For each column, how many runs it has."""

    def of(self, columns: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The runs of some columns: position in `columns`, and place in this table."""
        count = self.count[columns]
        position = np.repeat(np.arange(len(columns)), count)
        skipped = np.cumsum(count) - count
        return position, np.arange(len(position)) + (self.first[columns] - skipped)[position]


@frozen(eq=False, slots=False)
class PriceRuns:
    """Series with gaps carried and cut into unbroken runs, sessions x columns."""

    values: NDArray[np.float64]
    """The price, or the last one carried over; NaN outside runs."""
    age: NDArray[np.int32]
    """0 on the first session of a run, one more each session; -1 outside runs. Two runs may touch
    without a NaN between them, so that only the age says where a run starts."""
    present: NDArray[np.bool_]
    """Whether the session has a price of its own, not one carried over."""

    @cached_property
    def by_column(self) -> NDArray[np.float64]:
        """`values` as columns x sessions, each column contiguous."""
        return np.ascontiguousarray(self.values.T)

    @cached_property
    def own_age(self) -> NDArray[np.int32]:
        """`age` as columns x sessions, -1 also where a price is carried."""
        age = np.ascontiguousarray(self.age.T)
        carried = age >= 0
        carried &= ~self.present.T
        return np.where(carried, np.int32(-1), age) if carried.any() else age

    @cached_property
    def settled(self) -> NDArray[np.intp]:
        """For each column the row from which on every session has one own bar more; the number of
        sessions for a column with a gap, or with no price at the end.
        """
        sessions = len(self.age)
        own = np.count_nonzero(self.own_age >= 0, axis=1)
        unbroken = own == self.own_age[:, -1] + 1
        return np.where(unbroken, sessions - own, sessions)

    @cached_property
    def runs(self) -> Runs:
        """Where each run starts and stops."""
        sessions, columns = self.age.shape
        age = np.ascontiguousarray(self.age.T).reshape(-1)
        starts = np.flatnonzero(age == 0)
        lengths = np.maximum.reduceat(age, starts) + 1 if len(starts) else starts
        column, start = np.divmod(starts, max(sessions, 1))
        count = np.bincount(column, minlength=columns).astype(np.intp)
        return Runs(start, start + lengths, np.cumsum(count) - count, count)


def price_runs(close: ArrayLike, carry: int = CARRY_SESSIONS) -> PriceRuns:
    """Cut closes (sessions x columns) into runs, carrying a price over at most `carry` sessions.

    A price that is zero, negative or not finite counts as missing. The arrays of the result are
    stored column after column, the order in which indicators walk them; closes that are stored so
    already and have nothing to carry or to leave out are not copied.
    """
    prices = np.ascontiguousarray(np.asarray(close, dtype=np.float64).T)
    row = np.arange(prices.shape[1], dtype=np.int32)
    good = (prices > 0.0) & (prices < np.inf)
    first = _first(good)[:, None]
    age = np.subtract(row, first)
    np.maximum(age, -1, out=age)
    missing = ~good
    bad = missing & ~np.isnan(prices)
    holes = np.flatnonzero(missing & (age >= 0))
    if len(holes) or bad.any():
        prices = np.where(good, prices, np.nan)
        _carry_over(holes, carry, prices, age)
    return PriceRuns(values=prices.T, age=age.T, present=good.T)


def _first(good: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The first good session of each column; the number of sessions where there is none."""
    columns, sessions = good.shape
    if not sessions:
        return np.zeros(columns, dtype=np.int32)
    first: NDArray[np.intp] = good.argmax(axis=1)
    some = good[np.arange(columns), first]
    return np.where(some, first, sessions).astype(np.int32)


def _carry_over(
    holes: NDArray[np.intp], carry: int, prices: NDArray[np.float64], age: NDArray[np.int32]
) -> None:
    """Fill the holes after each column's first price, in place, and count ages anew behind them.

    A hole is a place in the flattened arrays. Neighbouring holes are one gap; two gaps of different
    columns never touch, as no hole is on the row of a first price or before it.
    """
    sessions = prices.shape[1]
    values, ages = prices.reshape(-1), age.reshape(-1)
    gap = np.flatnonzero(np.diff(holes, prepend=-2) != 1)
    begin = np.repeat(holes[gap], np.diff(gap, append=len(holes)))
    kept = holes - begin < carry
    values[holes[kept]] = values[begin[kept] - 1]
    lost = holes[~kept]
    for restart in (lost[np.diff(lost, append=-2) != 1] + 1).tolist():
        if restart % sessions:
            ages[restart : restart - restart % sessions + sessions] -= ages[restart]
    ages[lost] = -1
