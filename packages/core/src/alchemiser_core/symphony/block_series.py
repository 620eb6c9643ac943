"""The price series of a block: what a portfolio that follows the block alone would be worth.

Weights decided at the close of t earn the return from t to t+1, rebalanced daily, without costs.
The index lives on the dates on which the block is decidable: it starts at 1 on the first date of
each unbroken run, and also where the price of something held was neither there nor carried.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def block_series(decidable: Sequence[Flags], returns: Sequence[Floats]) -> PriceRuns:
    """The index of several blocks, one column each.

    `decidable` and `returns` hold one array of shape (sessions,) a block; `returns[b][t]` is what
    the weights decided at t earn from t to t+1, NaN where a held price is not there at t+1.
    """
    alive = np.stack(decidable)
    earned = np.stack(returns)
    starts = alive.copy()
    starts[:, 1:] &= ~alive[:, :-1] | np.isnan(earned[:, :-1])
    age = _age(alive, starts)
    values = np.full(alive.shape, np.nan)
    for block, first, last in _segments(age):
        segment = values[block, first : last + 1]
        segment[0] = 1.0
        np.cumprod(1.0 + earned[block, first:last], out=segment[1:])
    return PriceRuns(values=values.T, age=age.T, present=alive.T)


def _age(alive: Flags, starts: Flags) -> NDArray[np.int32]:
    position = np.arange(alive.shape[1], dtype=np.int32)
    began = np.maximum.accumulate(np.where(starts, position, np.int32(-1)), axis=1)
    return np.where(alive, position - began, np.int32(-1))


def _segments(age: NDArray[np.int32]) -> list[tuple[int, int, int]]:
    """(block, first session, last session) of every run."""
    ends = age >= 0
    ends[:, :-1] &= age[:, 1:] <= 0
    blocks, last = np.nonzero(ends)
    first = last - age[blocks, last]
    return list(zip(blocks.tolist(), first.tolist(), last.tolist(), strict=True))
