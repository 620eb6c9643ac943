"""Price series with gaps: short gaps are carried, longer ones cut a series into runs.

A session without a price keeps the last one while at most `carry` sessions have passed since it,
whatever comes later. After that nothing is carried, and a returning price begins a new run. Each
run is a series of its own: indicators never look across its first session.
"""

from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, NDArray


@frozen
class Runs:
    """The runs of all columns as a table, ordered by column, then by session."""

    column: NDArray[np.intp]
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
    def bars(self) -> NDArray[np.int32]:
        """Bars in the run so far, columns x sessions; 0 where the session has no own price."""
        return np.where(self.present.T, self.age.T + np.int32(1), np.int32(0))

    @cached_property
    def runs(self) -> Runs:
        """Where each run starts and stops."""
        sessions, columns = self.age.shape
        age = np.full((columns, sessions + 1), -1, dtype=np.int32)
        age[:, :-1] = self.age.T
        column, start = np.nonzero(age == 0)
        last = age[:, :-1] >= 0
        last &= age[:, 1:] != age[:, :-1] + 1
        stop = np.nonzero(last)[1] + 1
        count = np.bincount(column, minlength=columns).astype(np.intp)
        return Runs(column, start, stop, np.cumsum(count) - count, count)


def price_runs(close: ArrayLike, carry: int = 5) -> PriceRuns:
    """Cut closes (sessions x columns, any layout) into runs, carrying at most `carry` sessions.

    A price that is zero, negative or not finite counts as missing. The arrays of the result are
    stored column after column, which is the order indicators walk them in.
    """
    prices = np.ascontiguousarray(np.asarray(close, dtype=np.float64).T)
    good = np.isfinite(prices)
    good &= prices > 0.0
    row = np.arange(prices.shape[1], dtype=np.int32)
    last = np.maximum.accumulate(np.where(good, row, np.int32(-1)), axis=1)
    inside = (last >= 0) & (row - last <= carry)
    begins = inside.copy()
    begins[:, 1:] &= ~inside[:, :-1]
    start = np.maximum.accumulate(np.where(begins, row, np.int32(0)), axis=1)
    carried = np.take_along_axis(prices, np.maximum(last, 0), axis=1) if prices.size else prices
    return PriceRuns(
        values=np.where(inside, carried, np.nan).T,
        age=np.where(inside, row - start, np.int32(-1)).T,
        present=good.T,
    )
